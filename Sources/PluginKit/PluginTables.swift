import CPluginABI
import Glibc
import LayerKit

/// The tables of one module, made once and never freed.
struct PluginTables: @unchecked Sendable {  // Nothing writes to the tables once they are made.
  let plugin: UnsafePointer<nngraph_plugin>

  init<Exported: Module>(_ module: Exported) {
    self.init(Exported.name, version: Exported.version, summary: Exported.summary) {
      try module.register(into: &$0)
    }
  }

  /// The tables of what `register` registers.
  init(_ name: String, version: String, summary: String, _ register: (inout Registrar) throws -> Void) {
    var registry = Registry()
    var plugin = nngraph_plugin()
    plugin.size = MemoryLayout<nngraph_plugin>.size
    plugin.major = UInt32(NNGRAPH_INTERFACE_MAJOR)
    plugin.minor = UInt32(NNGRAPH_INTERFACE_MINOR)
    plugin.needs_minor = 0
    plugin.pointer_size = UInt32(MemoryLayout<UnsafeRawPointer>.size)
    plugin.name = lasting(name)
    plugin.version = lasting(version)
    plugin.summary = lasting(summary)
    do {
      try registry.register(name, version: version, register)
      PluginTables.fill(&plugin, registry)
    } catch {
      var layer = nngraph_layer()
      layer.size = MemoryLayout<nngraph_layer>.size
      layer.schema = lasting(SchemaText.refusal("the module cannot be registered: \(error)"))
      (plugin.layers, plugin.layer_count) = lasting([layer])
    }
    self.plugin = lasting(plugin)
  }

  private static func fill(_ plugin: inout nngraph_plugin, _ registry: Registry) {
    func components(_ family: Family) -> [ExportedComponent] {
      registry.entries(family).map { ExportedComponent($0.item) }
    }
    (plugin.layers, plugin.layer_count) = lasting(components(.layer).map(nngraph_layer.init))
    (plugin.activations, plugin.activation_count) =
      lasting(components(.activation).map(nngraph_activation.init))
    (plugin.losses, plugin.loss_count) = lasting(components(.loss).map(nngraph_loss.init))
    (plugin.optimizers, plugin.optimizer_count) = lasting(components(.optimizer).map(nngraph_optimizer.init))
    (plugin.schedules, plugin.schedule_count) = lasting(components(.schedule).map(nngraph_schedule.init))
    (plugin.initializers, plugin.initializer_count) =
      lasting(components(.initializer).map(nngraph_initializer.init))
    (plugin.metrics, plugin.metric_count) = lasting(components(.metric).map(nngraph_metric.init))
  }
}

/// A copy of the text that is never freed.
func lasting(_ text: String) -> UnsafePointer<CChar>? { UnsafePointer(strdup(text)) }

/// A copy of the value that is never freed.
private func lasting<Value>(_ value: Value) -> UnsafePointer<Value> {
  let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
  place.initialize(to: value)
  return UnsafePointer(place)
}

/// Pointers to copies of the values that are never freed, and their number.
private func lasting<Value>(_ values: [Value]) -> (UnsafePointer<UnsafePointer<Value>?>?, Int32) {
  guard !values.isEmpty else { return (nil, 0) }
  let places = UnsafeMutablePointer<UnsafePointer<Value>?>.allocate(capacity: values.count)
  for (index, value) in values.enumerated() { (places + index).initialize(to: lasting(value)) }
  return (UnsafePointer(places), Int32(clamping: values.count))
}
