import JSONText
import LayerKit
import PluginHost
import Tensors

/// The plugins that a program has and could have: those linked in, those given, those found in folders.
///
/// It is made from manifests; no library is read or loaded for it.
public struct PluginListing: Sendable {
  /// One plugin that can be used.
  public struct Row: Sendable {
    public var name: String
    public var version: String
    public var summary: String
    /// `linked in`, or the path of its library.
    public var place: String
    /// What it registers, by family.
    public var components: [Family: [String]]
  }

  /// The plugins that can be used, by name.
  public private(set) var rows: [Row] = []
  /// Where plugins were looked for; nil where they were not.
  public let search: PluginSearch?
  /// Linked modules and found plugins whose place a given plugin takes, or that a linked module hides.
  public private(set) var hidden: [PluginSearch.Hidden] = []

  /// The modules that are linked in, the plugins that were given by file, and what the search found.
  public init(linked: Registry, given: [PluginManifest], search: PluginSearch?) {
    self.search = search
    var first: [String: String] = [:]
    for manifest in given { add(manifest, &first) }
    for (name, version) in linked.modules.sorted(by: { $0.key < $1.key }) where name != Registry.core {
      if let by = first[name] {
        hidden.append(.init(file: "the linked module \"\(name)\" \(version)", by: by))
        continue
      }
      first[name] = "the linked module \"\(name)\" \(version)"
      var components: [Family: [String]] = [:]
      for family in Family.allCases {
        let names = linked.entries(family).filter { $0.module == name }.map(\.schema.name)
        if !names.isEmpty { components[family] = names }
      }
      rows.append(
        Row(
          name: name, version: version, summary: linked.summaries[name] ?? "", place: "linked in",
          components: components))
    }
    for manifest in search?.found ?? [] { add(manifest, &first) }
    hidden += search?.hidden ?? []
    rows.sort { $0.name < $1.name }
  }

  private mutating func add(_ manifest: PluginManifest, _ first: inout [String: String]) {
    if let by = first[manifest.name] {
      hidden.append(.init(file: manifest.file, by: by))
      return
    }
    first[manifest.name] = manifest.file
    rows.append(
      Row(
        name: manifest.name, version: manifest.version, summary: manifest.summary,
        place: manifest.libraryFile,
        components: Dictionary(grouping: manifest.components, by: \.family).mapValues { $0.map(\.name) }))
  }

  /// A table of the plugins, and where they were looked for.
  public func text(width: Int? = nil) -> String {
    var table = TextTable([
      .init("plugin"), .init("version"), .init("registers", flexible: true), .init("where"),
    ])
    table.rows = rows.map { [$0.name, $0.version, $0.registers, $0.place] }
    var out = rows.isEmpty ? "no plugins\n" : table.text(width: width)
    for one in hidden { out += "hidden   \(one.file.quotedForTerminal), by \(one.by.quotedForTerminal)\n" }
    guard let search else { return out }
    for refusal in search.refused { for fault in refusal.faults.all { out += "refused  \(fault)\n" } }
    for library in search.withoutManifest {
      let remedy = PluginManifest.remedy(for: library)
      out += "ignored  \(library.quotedForTerminal): it has no manifest; \(remedy)\n"
    }
    out += "\nlooked for in\n"
    for place in search.places {
      out += "  \(place.folder.quotedForTerminal)\(place.exists ? "" : " (does not exist)")\n"
    }
    for line in search.skipped { out += "  \(line)\n" }
    for fault in search.faults { out += "  \(fault)\n" }
    return out
  }

  /// The document `nngraph.plugin.list/1`.
  public var json: JSONValue {
    let texts = { (list: [String]) in JSONValue.array(list.map(JSONValue.string)) }
    return .object([
      ("schema", .string("nngraph.plugin.list/1")),
      (
        "plugins",
        .array(
          rows.map { row in
            .object([
              ("name", .string(row.name)), ("version", .string(row.version)),
              ("summary", .string(row.summary)), ("where", .string(row.place)),
              (
                "registers",
                .object(
                  Family.allCases.compactMap { family in
                    row.components[family].map { (family.plural, texts($0)) }
                  })
              ),
            ])
          })
      ),
      (
        "hidden",
        .array(hidden.map { .object([("file", .string($0.file)), ("by", .string($0.by))]) })
      ),
      (
        "refused",
        .array(
          (search?.refused ?? []).map {
            .object([("file", .string($0.file)), ("faults", texts($0.faults.all.map(\.description)))])
          })
      ),
      ("without_manifest", texts(search?.withoutManifest ?? [])),
      (
        "looked_for_in",
        .array(
          (search?.places ?? []).map {
            .object([("folder", .string($0.folder)), ("exists", .boolean($0.exists))])
          })
      ), ("skipped", texts(search?.skipped ?? [])),
    ])
  }
}

extension PluginListing.Row {
  /// `3 operators, 1 activation`.
  fileprivate var registers: String {
    Family.allCases.compactMap { family in
      components[family].map { "\($0.count) \($0.count == 1 ? family.rawValue : family.plural)" }
    }.joined(separator: ", ")
  }
}
