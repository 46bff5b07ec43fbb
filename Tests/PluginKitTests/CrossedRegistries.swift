import CPluginABI
import Diagnostics
import LayerKit
import StandardModule
import StateSpace

@testable import PluginHost
@testable import PluginKit

/// The same components twice: linked in, and sent through the C interface and back within one process.
struct CrossedRegistries {
  let linked: Registry
  let crossed: Registry
  /// The components that crossed, by family.
  private(set) var names: [Family: [String]] = [:]
  /// Those that the host refused, with its words.
  private(set) var refused: [String: String] = [:]

  /// Rewrites see only what is linked in, so neither registry has any.
  init() throws {
    var source = Registry()
    try source.register(StandardModule())
    try source.register(StateSpaceModule())
    var linked = Registry()
    var crossed = Registry()
    for (module, version) in source.modules {
      let entries = Family.allCases.flatMap { source.entries($0) }.filter { $0.module == module }
      try linked.register(module, version: version) { registrar in
        for entry in entries { registrar.add(entry.item) }
      }
      var loaded: [ComponentDefinition] = []
      for entry in entries {
        let name = entry.schema.name
        do {
          loaded.append(contentsOf: try PluginKitTests.crossed(entry.item))
          names[entry.item.family, default: []].append(name)
        } catch {
          refused[name] = "\(error)"
          loaded.append(entry.item)
        }
      }
      try crossed.register(module, version: version) { registrar in
        for definition in loaded { registrar.add(definition) }
      }
    }
    self.linked = linked
    self.crossed = crossed
  }

  /// The component made from the schema's defaults, linked in and crossed; the type is that of the family.
  func pair<Part>(
    _ family: Family, _ name: String, _ attributes: Attributes, as: Part.Type
  ) throws -> (linked: Part, crossed: Part) {
    (
      try typed(linked.entry(family, name)?.item.component(attributes)),
      try typed(crossed.entry(family, name)?.item.component(attributes))
    )
  }
}

/// The component as the type that it must have.
private func typed<Part>(_ component: (any Component)?) throws -> Part {
  guard let part = component as? Part else {
    throw Fault(.program, "\(String(describing: component)) is no \(Part.self)")
  }
  return part
}

/// The component as the host reads it from the table of a plugin that offers it alone.
func crossed(_ definition: ComponentDefinition) throws -> [ComponentDefinition] {
  let tables = PluginTables("crossing", version: "1.0.0", summary: "") { $0.add(definition) }
  let identity = PluginIdentity(name: "crossing", version: "1.0.0", file: "libcrossing.so")
  return try TableReader.components(of: tables.plugin.pointee, identity, log: { _ in })
}
