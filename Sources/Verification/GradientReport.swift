import Diagnostics
import JSONText

/// One element of a gradient: what backward gives, and what differences give.
public struct GradientDifference: Hashable, Sendable {
  /// The indices along the tensor's axes.
  public let index: [Int]
  public let backward: Double
  public let differences: Double
  /// |backward - differences| / max(floor, |backward| + |differences|).
  public let relativeError: Double
}

/// What came of the gradient of one parameter or input.
public struct GradientRow: Sendable {
  /// The node that owns the parameter; empty for an input.
  public let node: String
  /// The parameter's full name, or the input's.
  public let name: String
  public let isInput: Bool
  /// Whether backward computes a gradient at all; where it does not, zero is compared.
  public let isReached: Bool
  /// How many elements were compared.
  public let compared: Int
  /// How many of them stand at a kink of the loss, where any slope between those of both sides counts.
  public let kinks: Int
  /// The element with the largest error; nil where none was compared.
  public let worst: GradientDifference?
  /// Why nothing was compared.
  public let note: String?

  /// The error that rows are ordered by; what is not a number stands first.
  public var error: Double {
    guard let worst else { return 0 }
    return worst.relativeError.isNaN ? .infinity : worst.relativeError
  }
}

/// What came of comparing a graph's gradients with central differences, worst first.
public struct GradientReport: Sendable {
  /// The relative error that a right gradient stays below.
  public static let tolerance = 1e-6

  public let rows: [GradientRow]
  /// The training loss that was differentiated, without regularization.
  public let loss: Double

  init(_ rows: [GradientRow], loss: Double) {
    self.rows = rows.enumerated().sorted { a, b in
      (b.element.error, a.offset) < (a.element.error, b.offset)
    }.map(\.element)
    self.loss = loss
  }

  /// Whether every error stays below the tolerance.
  public var passed: Bool { rows.allSatisfy { $0.error < GradientReport.tolerance } }

  /// A line for each row: the error, the node, the parameter or input, and the worst element.
  public var text: String { rows.map(\.text).joined(separator: "\n") }

  /// The rows as a JSON array.
  public var json: JSONValue { .array(rows.map(\.json)) }
}

extension GradientRow {
  /// `ok 1.2e-10 hidden hidden.weight[2, 3]: backward 0.5, differences 0.5`.
  public var text: String {
    let subject = isInput ? "input \(name)" : "\(node) \(name)"
    guard let worst else { return "-- \(subject): \(note ?? "nothing to compare")".quotedForTerminal }
    let verdict = error < GradientReport.tolerance ? "ok" : "wrong"
    let place = worst.index.isEmpty ? "" : "\(worst.index)"
    var line =
      "\(verdict) \(short(worst.relativeError)) \(subject)\(place): backward \(worst.backward), "
      + "differences \(worst.differences)"
    if !isReached { line += " (no gradient reaches it)" }
    if kinks > 0 { line += " (\(kinks) of \(compared) at a kink)" }
    return line.quotedForTerminal
  }

  /// The row as JSON; numbers that are not finite are null.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("node", isInput ? .null : .string(node)), (isInput ? "input" : "parameter", .string(name)),
      ("reached", .boolean(isReached)), ("compared", .integer(compared)), ("kinks", .integer(kinks)),
    ]
    if let worst {
      members += [
        ("relative_error", .double(worst.relativeError)),
        ("index", .array(worst.index.map(JSONValue.integer))), ("backward", .double(worst.backward)),
        ("differences", .double(worst.differences)),
      ]
    }
    if let note { members.append(("note", .string(note))) }
    return .object(members)
  }
}
