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
    case .examples: "every operator and loss has examples"
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
      ("message", .string(message)),
    ])
  }
}

/// What a check says while it runs.
public enum CheckEvent: Hashable, Sendable {
  /// The plugin that is checked, and the interface that it was compiled with.
  case plugin(name: String, version: String, interface: String)
  /// What is called next: `forward of operator "gated", example 2`.
  case begins(String)
  /// Something is wrong.
  case finding(Finding)
  /// So many things were looked at.
  case counted(Check, Int)
  /// Everything was checked.
  case done
}

extension CheckEvent {
  /// The event as one line of JSON, without a line feed.
  public var line: String {
    let members: [(String, JSONValue)]
    switch self {
    case .plugin(let name, let version, let interface):
      members = [
        ("event", .string("plugin")), ("name", .string(name)), ("version", .string(version)),
        ("interface", .string(interface)),
      ]
    case .begins(let what): members = [("event", .string("begins")), ("what", .string(what))]
    case .finding(let finding): members = [("event", .string("finding")), ("finding", finding.json)]
    case .counted(let check, let count):
      members = [
        ("event", .string("counted")), ("check", .string(check.rawValue)), ("count", .integer(count)),
      ]
    case .done: members = [("event", .string("done"))]
    }
    return JSONWriter.compactText(.object(members))
  }

  /// Reads a line; nil for one that no check wrote.
  public init?(line: some Sequence<UInt8>) {
    guard let root = try? JSONText.parse(Array(line)).root else { return nil }
    switch root["event"]?.string {
    case "plugin":
      guard let name = root["name"]?.string, let version = root["version"]?.string,
        let interface = root["interface"]?.string
      else { return nil }
      self = .plugin(name: name, version: version, interface: interface)
    case "begins":
      guard let what = root["what"]?.string else { return nil }
      self = .begins(what)
    case "finding":
      guard let found = root["finding"], let check = found["check"]?.string.flatMap(Check.init),
        let message = found["message"]?.string
      else { return nil }
      self = .finding(Finding(check, found["component"]?.string ?? "", message))
    case "counted":
      guard let check = root["check"]?.string.flatMap(Check.init), let count = root["count"]?.integer else {
        return nil
      }
      self = .counted(check, count)
    case "done": self = .done
    default: return nil
    }
  }
}
