import Diagnostics
import JSONText

/// Where a value of a case differs most from what was expected, measured by what is allowed there.
public struct ValueDifference: Hashable, Sendable {
  /// `output/y`, `gradient/hidden.weight`, `trained/hidden.bias`.
  public let value: String
  /// The indices along the value's axes.
  public let index: [Int]
  public let element: ElementDifference

  /// `output/y[0, 3]`; a scalar has no brackets.
  public var place: String { index.isEmpty ? value : value + "\(index)" }

  /// The difference as JSON; numbers that are not finite are null.
  var json: JSONValue {
    .object([
      ("value", .string(value)), ("index", .array(index.map(JSONValue.integer))),
      ("difference", .double(element.difference)), ("allowed", .double(element.allowed)),
      ("found", .double(element.found)), ("expected", .double(element.expected)),
    ])
  }
}

/// What came of one conformance case.
public struct CaseReport: Sendable {
  /// The case's folder, as it was given or found.
  public let name: String
  /// The value that differs most; nil where nothing could be compared.
  public let worst: ValueDifference?
  /// Everything that is wrong; empty where the case passed.
  public let problems: [String]

  public init(name: String, worst: ValueDifference?, problems: [String]) {
    self.name = name
    self.worst = worst
    self.problems = problems
  }

  public var passed: Bool { problems.isEmpty }

  /// One line: passed or failed, the worst difference and where, and what is wrong.
  public var line: String {
    var text = "\(passed ? "passed" : "failed") \(name.quotedForTerminal)"
    if let worst {
      text +=
        ": worst difference \(short(worst.element.difference)) (allowed \(short(worst.element.allowed))) at "
        + worst.place.quotedForTerminal
    }
    if !passed { text += ": " + problems.joined(separator: "; ").quotedForTerminal }
    return text
  }

  /// The case as JSON; numbers that are not finite are null.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [("name", .string(name)), ("passed", .boolean(passed))]
    if let worst { members.append(("worst", worst.json)) }
    members.append(("problems", .array(problems.map(JSONValue.string))))
    return .object(members)
  }
}

/// What came of all cases.
public struct VerificationReport: Sendable {
  public let cases: [CaseReport]

  public init(_ cases: [CaseReport]) { self.cases = cases }

  public var passed: Int { cases.count - failed }
  public var failed: Int { cases.filter { !$0.passed }.count }

  /// `N passed, N failed`.
  public var summary: String { "\(passed) passed, \(failed) failed" }

  /// A line for each case, and the summary.
  public var text: String { (cases.map(\.line) + [summary]).joined(separator: "\n") }

  /// `{"schema": "nngraph.verify/1", "passed": n, "failed": n, "cases": [...]}`.
  public var json: JSONValue {
    .object([
      ("schema", .string("nngraph.verify/1")), ("passed", .integer(passed)), ("failed", .integer(failed)),
      ("cases", .array(cases.map(\.json))),
    ])
  }
}
