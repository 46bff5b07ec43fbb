import CPluginABI
import LayerKit

/// The families, each with the functions that its entries need and how a component is made of one.
extension TableReader {
  mutating func readLayers(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .layer, table.layer_count, table.layers,
      missing: { absent(("infer", $0.infer == nil), ("forward", $0.forward == nil)) },
      define: { entry, read in
        let hasGradient = entry.backward != nil
        let (schema, table) = (read.schema, TableEntry(entry))
        return ComponentDefinition(.layer, schema, examples: read.examples, hasGradient: hasGradient) {
          attributes in
          let core = LayerCore(table.entry, schema, origin, attributes)
          return hasGradient ? LoadedDifferentiableLayer(core: core) : LoadedLayer(core: core)
        }
      })
  }

  mutating func readActivations(_ table: nngraph_plugin) {
    readConfigured(
      .activation, table.activation_count, table.activations,
      missing: { absent(("apply", $0.apply == nil), ("gradient", $0.gradient == nil)) },
      make: { entry, state, read, _ in LoadedActivation(entry, state, kinks: read.kinks) })
  }

  mutating func readLosses(_ table: nngraph_plugin) {
    readConfigured(
      .loss, table.loss_count, table.losses,
      missing: { absent(("errors", $0.errors == nil), ("gradients", $0.gradients == nil)) },
      refusal: { entry, _ in
        Int(entry.targets) & (NNGRAPH_TARGET_NUMBERS | NNGRAPH_TARGET_CLASSES) != 0
          ? nil : "its targets are \(entry.targets), which is neither numbers nor classes"
      },
      make: { entry, state, _, attributes in LoadedLoss(entry, state, attributes) })
  }

  mutating func readOptimizers(_ table: nngraph_plugin) {
    readConfigured(
      .optimizer, table.optimizer_count, table.optimizers,
      missing: { absent(("update", $0.update == nil)) },
      refusal: { _, schema in
        let rate = schema.attributes.first { $0.name == "learning_rate" }
        if let rate, case .number = rate.kind, rate.isRequired || rate.standard != nil { return nil }
        return "needs an attribute `learning_rate` of the kind number, required or with a default"
      },
      make: { entry, state, _, attributes in try LoadedOptimizer(entry, state, attributes) })
  }

  mutating func readSchedules(_ table: nngraph_plugin) {
    readConfigured(
      .schedule, table.schedule_count, table.schedules,
      missing: { absent(("factor", $0.factor == nil)) },
      make: { entry, state, _, attributes in LoadedSchedule(entry, state, attributes) })
  }

  mutating func readInitializers(_ table: nngraph_plugin) {
    readConfigured(
      .initializer, table.initializer_count, table.initializers,
      missing: { absent(("fill", $0.fill == nil)) },
      make: { entry, state, _, _ in LoadedInitializer(entry, state) })
  }

  mutating func readMetrics(_ table: nngraph_plugin) {
    readConfigured(
      .metric, table.metric_count, table.metrics,
      missing: { absent(("add", $0.add == nil), ("value", $0.value == nil)) },
      refusal: { entry, _ in
        (1...64).contains(entry.sum_count) ? nil : "keeps \(entry.sum_count) sums; accepted are 1 to 64"
      },
      make: { entry, state, _, _ in LoadedMetric(entry, state) })
  }

  /// Reads the entries of a family whose components make a state from their attributes.
  ///
  /// `refusal` says what else is wrong with an entry, or nil.
  private mutating func readConfigured<Entry: ConfiguredEntry & BitwiseCopyable>(
    _ family: Family, _ count: Int32, _ entries: UnsafePointer<UnsafePointer<Entry>?>?,
    missing: (Entry) -> [String], refusal: (Entry, Schema) -> String? = { _, _ in nil },
    make: @escaping @Sendable (Entry, ComponentState, ReadSchema, Attributes) throws -> any Component
  ) {
    let origin = origin
    read(
      family, count, entries, missing: missing, refusal: refusal,
      define: { entry, read in
        let table = TableEntry(entry)
        return ComponentDefinition(family, read.schema, examples: read.examples) { attributes in
          let entry = table.entry
          let state = try ComponentState(
            read.schema, origin, attributes, data: entry.data, create: entry.create, destroy: entry.destroy)
          return try make(entry, state, read, attributes)
        }
      })
  }
}

/// An entry of a plugin's table, of any family.
protocol DescribedEntry: SendableMetatype {
  var schema: UnsafePointer<CChar>! { get }
}

/// An entry whose components make a state from their attributes.
protocol ConfiguredEntry: DescribedEntry {
  var data: UnsafeMutableRawPointer! { get }
  var create: nngraph_create! { get }
  var destroy: nngraph_destroy! { get }
}

extension nngraph_layer: DescribedEntry {}
extension nngraph_activation: ConfiguredEntry {}
extension nngraph_loss: ConfiguredEntry {}
extension nngraph_optimizer: ConfiguredEntry {}
extension nngraph_schedule: ConfiguredEntry {}
extension nngraph_initializer: ConfiguredEntry {}
extension nngraph_metric: ConfiguredEntry {}

/// One entry, for closures that run on any thread.
private struct TableEntry<Entry>: @unchecked Sendable {  // The table is static data that nobody changes.
  let entry: Entry

  init(_ entry: Entry) { self.entry = entry }
}
