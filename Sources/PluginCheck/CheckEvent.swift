import JSONText

/// What a check says while it runs.
public enum CheckEvent: Hashable, Sendable {
  /// The plugin that is checked, and the interface that it was compiled with.
  case plugin(name: String, version: String, interface: String)
  /// What is called next: `forward of operator "gated", example 2`.
  case begins(String)
  /// Something is wrong.
  case finding(Finding)
  /// What was found before is wrong in another example, too.
  case repeated(Finding)
  /// So many things were looked at.
  case counted(Check, Int)
  /// This was not run.
  case skipped(SkippedCheck)
  /// The check is at its end; the token is that of the process that waits for it.
  ///
  /// Where the plugin was not loaded, only its manifest was checked.
  case ended(token: String, wasLoaded: Bool)
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
    case .repeated(let finding): members = [("event", .string("repeated")), ("finding", finding.json)]
    case .counted(let check, let count):
      members = [
        ("event", .string("counted")), ("check", .string(check.rawValue)), ("count", .integer(count)),
      ]
    case .skipped(let skipped): members = [("event", .string("skipped")), ("skipped", skipped.json)]
    case .ended(let token, let wasLoaded):
      members = [
        ("event", .string("ended")), ("token", .string(token)), ("loaded", .boolean(wasLoaded)),
      ]
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
      guard let finding = Finding(json: root["finding"]) else { return nil }
      self = .finding(finding)
    case "repeated":
      guard let finding = Finding(json: root["finding"]) else { return nil }
      self = .repeated(finding)
    case "counted":
      guard let check = root["check"]?.string.flatMap(Check.init), let count = root["count"]?.integer else {
        return nil
      }
      self = .counted(check, count)
    case "skipped":
      guard let skipped = root["skipped"].flatMap(SkippedCheck.init(json:)) else { return nil }
      self = .skipped(skipped)
    case "ended":
      guard let token = root["token"]?.string, let wasLoaded = root["loaded"]?.boolean else { return nil }
      self = .ended(token: token, wasLoaded: wasLoaded)
    default: return nil
    }
  }
}
