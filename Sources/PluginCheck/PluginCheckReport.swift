import Diagnostics
import JSONText
import LayerKit
import PluginHost

/// What came of checking a plugin.
public struct PluginCheckReport: Sendable {
  /// Of more findings than these the number alone is kept.
  static let findingLimit = 1000

  /// The file that was checked, as the caller named it.
  public let file: String
  /// The plugin's name; nil where its manifest could not be read.
  public private(set) var plugin: String?
  /// The plugin's version.
  public private(set) var version: String?
  /// The interface that the plugin was compiled with.
  public private(set) var interface: String?
  /// The interface of this program.
  public let hostInterface = "\(InterfaceVersion.current)"
  /// How many things each check looked at.
  public private(set) var counts: [Check: Int] = [:]
  /// What was found, in the order in which it was.
  public private(set) var findings: [Finding] = []
  /// How many findings were left out.
  public private(set) var omitted = 0
  /// Whether the check came to its end.
  public private(set) var isComplete = false
  /// What was called last.
  public private(set) var last: String?

  /// A report without events.
  public init(file: String) { self.file = file }

  /// Whether everything was checked and nothing was found.
  public var isClean: Bool { isComplete && findings.isEmpty }

  /// Adds what a check says.
  public mutating func take(_ event: CheckEvent) {
    switch event {
    case .plugin(let name, let version, let interface):
      (plugin, self.version, self.interface) = (name, version, interface)
    case .begins(let what): last = what
    case .finding(let finding):
      if findings.count < Self.findingLimit { findings.append(finding) } else { omitted += 1 }
    case .counted(let check, let count): counts[check] = saturatingSum(counts[check] ?? 0, max(0, count))
    case .done: isComplete = true
    }
  }

  /// The findings of one check.
  public func findings(of check: Check) -> [Finding] { findings.filter { $0.check == check } }

  /// A line for each check, passed or failed, with its findings behind it, and a last one that counts.
  public var text: String {
    var lines = ["plugin \(plugin.map { "\"\($0)\" \(version ?? "")" } ?? file.excerpt(400))"]
    if let interface { lines[0] += ", interface \(interface); this program has \(hostInterface)" }
    for check in Check.allCases {
      let found = findings(of: check)
      lines.append("\(verdict(check, found)) \(check.rawValue)\(countText(check)): \(check.promise)")
      lines += found.map { "       \($0.component.isEmpty ? "" : "\($0.component): ")\($0.message)" }
    }
    if omitted > 0 { lines.append("\(omitted) more findings are left out") }
    let end = isComplete ? "" : "; the check did not come to its end"
    let count = findings.count + omitted
    lines.append("\(count == 0 ? "no" : "\(count)") finding\(count == 1 ? "" : "s")\(end)")
    return lines.map(\.quotedForTerminal).joined(separator: "\n")
  }

  /// The report as JSON, without the key `schema`.
  public var json: JSONValue {
    func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    return .object([
      ("file", .string(file)), ("plugin", text(plugin)), ("version", text(version)),
      ("interface", text(interface)), ("host_interface", .string(hostInterface)),
      ("clean", .boolean(isClean)), ("complete", .boolean(isComplete)),
      (
        "checks",
        .array(
          Check.allCases.map { check in
            let found = findings(of: check)
            return .object([
              ("check", .string(check.rawValue)), ("verdict", .string(word(check, found))),
              ("count", .integer(counts[check] ?? 0)), ("findings", .integer(found.count)),
            ])
          })
      ), ("findings", .array(findings.map(\.json))), ("omitted", .integer(omitted)),
    ])
  }

  /// `passed`, `failed`, or `skipped` for what the check did not come to.
  private func word(_ check: Check, _ found: [Finding]) -> String {
    found.isEmpty ? isComplete || check == .manifest && plugin != nil ? "passed" : "skipped" : "failed"
  }

  private func verdict(_ check: Check, _ found: [Finding]) -> String {
    switch word(check, found) {
    case "failed": "FAILED"
    case "skipped": "  --  "
    default: "passed"
    }
  }

  private func countText(_ check: Check) -> String { counts[check].map { " (\($0))" } ?? "" }
}
