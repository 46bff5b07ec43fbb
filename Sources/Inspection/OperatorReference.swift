import Diagnostics
import JSONText
import LayerKit

/// What a registry holds, as lists and pages.
public struct OperatorReference: Sendable {
  /// The registry that is described.
  public let registry: Registry

  /// Describes a registry.
  public init(_ registry: Registry) { self.registry = registry }

  /// The pages of a family, the core's first, then module by module.
  public func pages(_ family: Family) -> [ComponentPage] {
    let pages = registry.entries(family).map { ComponentPage(family, $0) }
    return modules.flatMap { module in pages.filter { $0.module == module } }
  }

  /// The pages of every component of a name, `dense` or `dense@1`; several families may share one.
  ///
  /// Throws a fault of kind `.usage` with the nearest name.
  public func pages(named name: String) throws(Fault) -> [ComponentPage] {
    let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
    let version = parts.count > 1 ? Int(parts[1]) ?? 0 : nil
    let found = Family.allCases.flatMap { family in
      registry.entries(family).filter { entry in
        entry.schema.name == parts.first && (version ?? entry.schema.version) == entry.schema.version
      }.map { ComponentPage(family, $0) }
    }
    if !found.isEmpty { return found }
    let known = Family.allCases.flatMap { registry.names($0) }
    throw Fault(
      .usage,
      "no operator, activation, loss or other component \"\(name.excerpt())\"; "
        + "`nngraph ops` lists them", nearest: nearest(to: name, among: known))
  }

  /// The modules, the core first.
  private var modules: [String] {
    let others = registry.modules.keys.filter { $0 != Registry.core }.sorted()
    return registry.modules[Registry.core] == nil ? others : [Registry.core] + others
  }

  /// A line a component, family by family.
  public func listing(width: Int? = nil) -> String {
    var out = ""
    for family in Family.allCases {
      let pages = pages(family)
      guard !pages.isEmpty else { continue }
      var table = TextTable([.init(""), .init(""), .init("", flexible: true)])
      table.rows = pages.map { page in
        [page.title, page.module == Registry.core ? "" : page.module, page.schema.summary]
      }
      out += "\(family.plural)\n\(table.text(width: width, indent: 2))\n"
    }
    var table = TextTable([.init(""), .init("", flexible: true)])
    table.rows = registry.rewrites.map { [$0.item.name, $0.item.summary] }
    if !table.rows.isEmpty { out += "rewrites\n\(table.text(width: width, indent: 2))\n" }
    var modules = TextTable([.init(""), .init(""), .init("", flexible: true)])
    modules.rows = self.modules.map { [$0, registry.modules[$0] ?? "", registry.summaries[$0] ?? ""] }
    return out + "modules\n\(modules.text(width: width, indent: 2))"
  }

  /// The document `nngraph.ops/1` with everything that is registered, or with some pages alone.
  public func json(_ pages: [ComponentPage]? = nil) -> JSONValue {
    let modules = modules.map { name in
      JSONValue.object([("name", .string(name)), ("version", .string(registry.modules[name] ?? ""))])
    }
    let all = pages ?? Family.allCases.flatMap { self.pages($0) }
    let rewrites = registry.rewrites.map { rewrite in
      JSONValue.object([
        ("name", .string(rewrite.item.name)), ("module", .string(rewrite.module)),
        ("summary", .string(rewrite.item.summary)),
      ])
    }
    return .object([
      ("schema", .string("nngraph.ops/1")), ("modules", .array(modules)),
      ("components", .array(all.map(\.json))), ("rewrites", .array(pages == nil ? rewrites : [])),
    ])
  }

  /// The whole reference as one Markdown page.
  public var markdown: String {
    var out = """
      # What a graph file may name

      Operators and all that configures them, made from the registry by `nngraph ops --markdown`.
      What belongs to a module other than `core` needs that module's name in the file's `plugins`.

      """
    for family in Family.allCases {
      var module: String?
      let pages = pages(family)
      guard !pages.isEmpty else { continue }
      out += "\n## \(family.plural.prefix(1).uppercased())\(family.plural.dropFirst())\n"
      for page in pages {
        if page.module != module, page.module != Registry.core {
          out += "\nOf the plugin `\(page.module)`:\n"
        }
        module = page.module
        out += "\n" + page.markdown
      }
    }
    guard !registry.rewrites.isEmpty else { return out }
    out += "\n## Rewrites\n\nEach makes a plan faster and leaves its meaning alone; "
    out += "`--rewrites -NAME` switches one off.\n\n| rewrite | what it does |\n| --- | --- |\n"
    for rewrite in registry.rewrites { out += "| `\(rewrite.item.name)` | \(rewrite.item.summary) |\n" }
    return out
  }
}
