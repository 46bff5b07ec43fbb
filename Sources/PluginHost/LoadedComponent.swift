import CPluginABI
import LayerKit

/// A component that a plugin gave; it has no Swift type of its own, so what its type says means nothing.
protocol LoadedComponent: Component {}

extension LoadedComponent {
  static var schema: Schema {
    Schema("loaded", "A component of a plugin, which its definition makes.", inputs: [], outputs: [])
  }

  init(_ attributes: Attributes) throws {
    throw LayerFault("a component of a plugin is made by its definition, not from attributes alone")
  }
}

/// What a plugin keeps for one component that is no layer.
final class ComponentState: @unchecked Sendable {
  // The plugin's functions may be called from any thread with one and the same state.
  let state: UnsafeMutableRawPointer?
  let data: UnsafeMutableRawPointer?
  let schema: Schema
  let origin: PluginOrigin
  let attributes: AttributeTable
  private let destroy: nngraph_destroy?

  /// Throws `LayerFault` where the plugin refuses the attributes.
  init(
    _ schema: Schema, _ origin: PluginOrigin, _ attributes: Attributes, data: UnsafeMutableRawPointer?,
    create: nngraph_create?, destroy: nngraph_destroy?
  ) throws {
    let table = AttributeTable(attributes, schema)
    var state: UnsafeMutableRawPointer?
    if let create {
      let context = PluginContext(origin, schema, table)
      var creation = nngraph_creation()
      creation.size = MemoryLayout<nngraph_creation>.size
      creation.host = HostTable.pointer
      creation.context = context.pointer
      creation.attributes = table.text
      if let said = context.run(.create, { create(data, &creation, &state) }) {
        throw origin.layerFault(said)
      }
    }
    self.state = state
    self.data = data
    self.schema = schema
    self.origin = origin
    self.attributes = table
    self.destroy = destroy
  }

  deinit {
    if let state { destroy?(data, state) }
  }
}
