import Compiler
import JSONText
import LayerKit

/// Every rewrite that is known: whether it is on, and whether a plan used it.
public struct RewriteList: Sendable {
  /// One rewrite.
  public struct Entry: Hashable, Sendable {
    /// What `--rewrites` calls it.
    public var name: String
    /// One sentence.
    public var summary: String
    /// The module that registered it.
    public var module: String
    /// Whether a plan may use it.
    public var isOn: Bool
    /// Whether one of the plans was changed by it.
    public var isApplied: Bool
  }

  /// The rewrites in the order in which they are tried.
  public var entries: [Entry]

  /// The rewrites of the registry under a selection, as they changed the plans.
  public init(_ registry: Registry, selection: RewriteSelection, plans: [PlanSummary]) {
    let applied = Set(plans.flatMap(\.rewrites))
    entries = registry.rewrites.map { rewrite in
      let name = rewrite.item.name
      return Entry(
        name: name, summary: rewrite.item.summary, module: rewrite.module,
        isOn: selection.includes(name), isApplied: applied.contains(name))
    }
  }

  /// The list as JSON.
  public var json: JSONValue {
    .array(
      entries.map { entry in
        .object([
          ("name", .string(entry.name)), ("summary", .string(entry.summary)),
          ("module", .string(entry.module)), ("on", .boolean(entry.isOn)),
          ("applied", .boolean(entry.isApplied)),
        ])
      })
  }

  /// A line a rewrite.
  public func text(width: Int? = nil) -> String {
    guard !entries.isEmpty else { return "no rewrite is registered\n" }
    var table = TextTable([.init("rewrite"), .init("state"), .init("what it does", flexible: true)])
    table.rows = entries.map {
      [$0.name, $0.isApplied ? "applied" : $0.isOn ? "on" : "off", $0.summary]
    }
    return table.text(width: width)
  }
}
