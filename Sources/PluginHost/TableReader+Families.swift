import CPluginABI
import LayerKit

/// The families, each with the functions that its entries need and how a component is made of one.
extension TableReader {
  mutating func readLayers(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .layer, table.layer_count, table.layers, schema: { $0.schema },
      missing: { absent(("infer", $0.infer == nil), ("forward", $0.forward == nil)) },
      make: { reader, entry, read, _ in
        let (schema, table) = (read.schema, Table(entry))
        let hasGradient = entry.backward != nil
        reader.add(
          ComponentDefinition(.layer, schema, examples: read.examples, hasGradient: hasGradient) {
            attributes in
            let core = LayerCore(table.entry, schema, origin, attributes)
            return hasGradient ? LoadedDifferentiableLayer(core: core) : LoadedLayer(core: core)
          })
      })
  }

  mutating func readActivations(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .activation, table.activation_count, table.activations, schema: { $0.schema },
      missing: { absent(("apply", $0.apply == nil), ("gradient", $0.gradient == nil)) },
      make: { reader, entry, read, _ in
        let (schema, kinks, table) = (read.schema, read.kinks, Table(entry))
        reader.add(
          ComponentDefinition(.activation, schema) { attributes in
            let entry = table.entry
            let state = try ComponentState(
              schema, origin, attributes, data: entry.data, create: entry.create, destroy: entry.destroy)
            return LoadedActivation(entry, state, kinks: kinks)
          })
      })
  }

  mutating func readLosses(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .loss, table.loss_count, table.losses, schema: { $0.schema },
      missing: { absent(("errors", $0.errors == nil), ("gradients", $0.gradients == nil)) },
      make: { reader, entry, read, title in
        guard Int(entry.targets) & (NNGRAPH_TARGET_NUMBERS | NNGRAPH_TARGET_CLASSES) != 0 else {
          return reader.report(
            title, "its targets are \(entry.targets), which is neither numbers nor classes")
        }
        let (schema, table) = (read.schema, Table(entry))
        reader.add(
          ComponentDefinition(.loss, schema, examples: read.examples) { attributes in
            let entry = table.entry
            let state = try ComponentState(
              schema, origin, attributes, data: entry.data, create: entry.create, destroy: entry.destroy)
            return LoadedLoss(entry, state, attributes)
          })
      })
  }

  mutating func readOptimizers(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .optimizer, table.optimizer_count, table.optimizers, schema: { $0.schema },
      missing: { absent(("update", $0.update == nil)) },
      make: { reader, entry, read, title in
        let rate = read.schema.attributes.first { $0.name == "learning_rate" }
        guard let rate, case .number = rate.kind, rate.isRequired || rate.standard != nil else {
          return reader.report(
            title, "needs an attribute `learning_rate` of the kind number, required or with a default")
        }
        let (schema, table) = (read.schema, Table(entry))
        reader.add(
          ComponentDefinition(.optimizer, schema) { attributes in
            let entry = table.entry
            let state = try ComponentState(
              schema, origin, attributes, data: entry.data, create: entry.create, destroy: entry.destroy)
            return try LoadedOptimizer(entry, state, attributes)
          })
      })
  }

  mutating func readSchedules(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .schedule, table.schedule_count, table.schedules, schema: { $0.schema },
      missing: { absent(("factor", $0.factor == nil)) },
      make: { reader, entry, read, _ in
        let (schema, table) = (read.schema, Table(entry))
        reader.add(
          ComponentDefinition(.schedule, schema) { attributes in
            let entry = table.entry
            let state = try ComponentState(
              schema, origin, attributes, data: entry.data, create: entry.create, destroy: entry.destroy)
            return LoadedSchedule(entry, state, attributes)
          })
      })
  }

  mutating func readInitializers(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .initializer, table.initializer_count, table.initializers, schema: { $0.schema },
      missing: { absent(("fill", $0.fill == nil)) },
      make: { reader, entry, read, _ in
        let (schema, table) = (read.schema, Table(entry))
        reader.add(
          ComponentDefinition(.initializer, schema) { attributes in
            let entry = table.entry
            let state = try ComponentState(
              schema, origin, attributes, data: entry.data, create: entry.create, destroy: entry.destroy)
            return LoadedInitializer(entry, state)
          })
      })
  }

  mutating func readMetrics(_ table: nngraph_plugin) {
    let origin = origin
    read(
      .metric, table.metric_count, table.metrics, schema: { $0.schema },
      missing: { absent(("add", $0.add == nil), ("value", $0.value == nil)) },
      make: { reader, entry, read, title in
        guard (1...64).contains(entry.sum_count) else {
          return reader.report(title, "keeps \(entry.sum_count) sums; accepted are 1 to 64")
        }
        let (schema, table) = (read.schema, Table(entry))
        reader.add(
          ComponentDefinition(.metric, schema) { attributes in
            let entry = table.entry
            let state = try ComponentState(
              schema, origin, attributes, data: entry.data, create: entry.create, destroy: entry.destroy)
            return LoadedMetric(entry, state)
          })
      })
  }
}

/// One entry of a plugin's table.
private struct Table<Entry>: @unchecked Sendable {  // The table is static data that nobody changes.
  let entry: Entry

  init(_ entry: Entry) { self.entry = entry }
}
