@_exported import CPluginABI
@_exported import Kernels
@_exported import LayerKit
import Synchronization

/// The tables of a module for `nngraph_plugin_v1`: what a Swift plugin exports.
///
///     @c(nngraph_plugin_v1) public func plugin() -> UnsafePointer<nngraph_plugin> { exported(MyModule()) }
///
/// They are made at the first call and stay; every further call for the same type gives the same pointer.
/// A component crosses as it is: the same type can be linked in. What has no place in the interface stays
/// behind:
///
/// - Rewrites, and what only rewrites read (`ReadsThrough`, `ChannelAffine`, `FusedLoss`, `Loss.reading`).
/// - Attributes that are shapes, components other than activations and initializers, or inlined components:
///   the schema says so under a kind that no host knows, and the host refuses the plugin with those words.
/// - An activation that the layer uses within itself: only one that follows the first output crosses, from an
///   attribute `activation` that may be absent. Anything else is refused where a graph uses it.
/// - What the tables say once for all uses, where it depends on attributes: the inputs without a gradient,
///   what an activation's gradient reads, a loss's targets, a metric's sums. A use that differs is refused.
///
/// A module whose `register` throws gives tables with the reason in the place of a schema.
public func exported<Exported: Module>(_ module: Exported) -> UnsafePointer<nngraph_plugin> {
  madeTables.withLock { tables in
    if let made = tables[ObjectIdentifier(Exported.self)] { return made }
    let made = PluginTables(module)
    tables[ObjectIdentifier(Exported.self)] = made
    return made
  }.plugin
}

private let madeTables = Mutex<[ObjectIdentifier: PluginTables]>([:])
