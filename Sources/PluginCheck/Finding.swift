import JSONText

/// What a plugin is checked for, in the order in which a report lists it.
public enum Check: String, Hashable, Sendable, CaseIterable {
  case manifest
  case examples
  case shapes
  case memory
  case attributes
  case gradients
  case determinism
  case rules
  case leaks
  case output
  case process

  /// What holds where the check is passed.
  public var promise: String {
    switch self {
    case .manifest: "manifest and library agree, and every function that is promised is there"
    case .examples: "every operator and loss has examples, and asks for the parameters of its schema"
    case .shapes: "shapes are inferred soundly, and hostile ones are refused or run"
    case .memory: "calls write what they must, and nothing else"
    case .attributes: "corner values of attributes are refused or run"
    case .gradients: "backward agrees with differences, and 32 bits with 64"
    case .determinism: "results depend neither on threads nor on the run"
    case .rules: "every family keeps its own rules"
    case .leaks: "calls keep no memory, descriptors or threads"
    case .output: "nothing is written to the terminal"
    case .process: "every call returns, and none ends the process"
    }
  }
}

/// One thing that a check found wrong.
public struct Finding: Hashable, Sendable {
  /// Which check found it.
  public var check: Check
  /// `operator "gated"`; empty where it is the whole plugin.
  public var component: String
  /// What was found, with its place.
  public var message: String
  /// In how many further examples the same was found.
  public internal(set) var furtherExamples = 0

  /// A finding.
  public init(_ check: Check, _ component: String, _ message: String) {
    self.check = check
    self.component = component
    self.message = message
  }

  /// The finding as a JSON object.
  public var json: JSONValue {
    .object([
      ("check", .string(check.rawValue)), ("component", component.isEmpty ? .null : .string(component)),
      ("message", .string(message)), ("further_examples", .integer(furtherExamples)),
    ])
  }

  /// The finding in one line, without the check.
  public var text: String {
    let further = "; also in \(furtherExamples) further example\(furtherExamples == 1 ? "" : "s")"
    return (component.isEmpty ? "" : "\(component): ") + message + (furtherExamples == 0 ? "" : further)
  }

  /// Reads what `json` writes, without the number of further examples; nil where it is something else.
  init?(json: JSONValue?) {
    guard let check = json?["check"]?.string.flatMap(Check.init), let message = json?["message"]?.string
    else {
      return nil
    }
    self.init(check, json?["component"]?.string ?? "", message)
  }
}

/// A check that was not run for a component, since the component fails one before it.
public struct SkippedCheck: Hashable, Sendable {
  /// Which check was not run.
  public var check: Check
  /// `operator "gated"`.
  public var component: String
  /// The check that the component fails.
  public var failed: Check

  /// The check as a JSON object.
  public var json: JSONValue {
    .object([
      ("check", .string(check.rawValue)), ("component", .string(component)),
      ("failed", .string(failed.rawValue)),
    ])
  }

  init?(json: JSONValue) {
    guard let check = json["check"]?.string.flatMap(Check.init), let component = json["component"]?.string,
      let failed = json["failed"]?.string.flatMap(Check.init)
    else { return nil }
    self.init(check: check, component: component, failed: failed)
  }

  init(check: Check, component: String, failed: Check) {
    (self.check, self.component, self.failed) = (check, component, failed)
  }
}
