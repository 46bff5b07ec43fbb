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
  /// What was not run for a component that fails a check before it.
  public private(set) var skipped: [SkippedCheck] = []
  /// Whether the check came to its end.
  public private(set) var hasEnded = false
  /// Whether the plugin was loaded; it is checked no further where it was not.
  public private(set) var wasLoaded = false
  /// What was called last.
  public private(set) var last: String?

  private let token: String

  /// A report without events; the one that is its last has the token.
  public init(file: String, token: String = "") { (self.file, self.token) = (file, token) }

  /// Whether every check was run.
  public var isComplete: Bool { hasEnded && wasLoaded && skipped.isEmpty }

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
    case .repeated(let finding):
      let first = findings.firstIndex {
        ($0.check, $0.component, $0.message) == (finding.check, finding.component, finding.message)
      }
      if let first { findings[first].furtherExamples += 1 }
    case .skipped(let one):
      if skipped.count < Self.findingLimit, !skipped.contains(one) { skipped.append(one) }
    case .counted(let check, let count): counts[check] = saturatingSum(counts[check] ?? 0, max(0, count))
    case .ended(let token, let wasLoaded):
      guard token == self.token else { return }
      (hasEnded, self.wasLoaded) = (true, wasLoaded)
    }
  }

  /// The findings of one check.
  public func findings(of check: Check) -> [Finding] { findings.filter { $0.check == check } }

  /// A line for each check, passed, failed or skipped, with its findings behind it, and a last one that
  /// counts.
  public var text: String {
    var lines = ["plugin \(plugin.map { "\"\($0)\" \(version ?? "")" } ?? file.excerpt(400))"]
    if let interface { lines[0] += ", interface \(interface); this program has \(hostInterface)" }
    for check in Check.allCases {
      lines.append("\(verdict(check)) \(check.rawValue)\(countText(check)): \(check.promise)")
      lines += findings(of: check).map { "       \($0.text)" }
      lines += skipped.filter { $0.check == check }.map {
        "       \($0.component): not run, since it fails \($0.failed.rawValue)"
      }
    }
    return (lines + ending).map(\.quotedForTerminal).joined(separator: "\n")
  }

  /// The findings, each with its check, and the last line.
  public var shortText: String {
    (findings.map { "\($0.check.rawValue): \($0.text)" } + ending).map(\.quotedForTerminal)
      .joined(separator: "\n")
  }

  private var ending: [String] {
    let count = findings.count + omitted
    var last = "\(count == 0 ? "no" : "\(count)") finding\(count == 1 ? "" : "s")"
    let left = Check.allCases.filter { check in skipped.contains { $0.check == check } }.map(\.rawValue)
    if !hasEnded {
      last += "; the check did not come to its end"
    } else if !wasLoaded {
      last += "; the plugin was not loaded, so nothing else was checked"
    } else if !left.isEmpty {
      last += "; not run for what fails: \(left.joined(separator: ", "))"
    }
    return (omitted > 0 ? ["\(omitted) more findings are left out"] : []) + [last]
  }

  /// The document `nngraph.plugin.check/1`.
  public var json: JSONValue {
    func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    return .object([
      ("schema", .string("nngraph.plugin.check/1")), ("file", .string(file)), ("plugin", text(plugin)),
      ("version", text(version)),
      ("interface", text(interface)), ("host_interface", .string(hostInterface)),
      ("clean", .boolean(isClean)), ("complete", .boolean(isComplete)),
      (
        "checks",
        .array(
          Check.allCases.map { check in
            let found = findings(of: check)
            return .object([
              ("check", .string(check.rawValue)), ("verdict", .string(word(check))),
              ("count", .integer(counts[check] ?? 0)), ("findings", .integer(found.count)),
            ])
          })
      ), ("skipped", .array(skipped.map(\.json))), ("findings", .array(findings.map(\.json))),
      ("omitted", .integer(omitted)),
    ])
  }

  /// `passed`, `failed`, or `skipped` for what was not run, or not for every component.
  private func word(_ check: Check) -> String {
    if findings.contains(where: { $0.check == check }) { return "failed" }
    // What was loaded has a sound manifest, though it may end the process later.
    if check == .manifest, counts[.manifest] != nil { return "passed" }
    return hasEnded && wasLoaded && !skipped.contains { $0.check == check } ? "passed" : "skipped"
  }

  private func verdict(_ check: Check) -> String {
    switch word(check) {
    case "failed": "FAILED"
    case "skipped": "  --  "
    default: "passed"
    }
  }

  /// How many things were looked at, which for most checks may well be none.
  private func countText(_ check: Check) -> String {
    let isCounted = check != .output && check != .process && word(check) == "passed"
    return (counts[check] ?? (isCounted ? 0 : nil)).map { " (\($0))" } ?? ""
  }
}
