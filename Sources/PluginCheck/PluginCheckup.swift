import Kernels
import LayerKit
import NNGraphTestKit
import Verification

/// Every check of one module of a registry, in this process: what ends it or never returns ends the checkup, too.
///
/// Each component is checked alone: operators and losses by their examples, all else by their defaults and the corners
/// of their attributes.
public struct PluginCheckup {
  private let module: String
  private let registry: Registry
  private let log: CheckLog

  /// Checks the module of that name; the registry also has the operators `activation` and `loss`.
  public init(module: String, registry: Registry, events: @escaping (CheckEvent) -> Void) {
    self.module = module
    self.registry = registry
    log = CheckLog(events)
  }

  /// Runs all checks, and calls `between` after each component.
  public func run(between: (_ component: String) -> Void = { _ in }) {
    let leaks = LeakCheck(log)
    for family in Family.allCases {
      for entry in registry.entries(family) where entry.module == module {
        let component = "\(family.rawValue) \"\(entry.schema.name)\""
        switch family {
        case .layer: checkLayer(entry, leaks)
        case .loss: checkLoss(entry, component, leaks)
        default: checkOther(entry, component, leaks)
        }
        between(component)
      }
    }
    let isSound = !log.corrupting.contains { $0.hasPrefix(Family.optimizer.rawValue) }
    if isSound, registry.entries(.optimizer).contains(where: { $0.module == module }) {
      log.begins("update of the optimizers of \"\(module)\", as the test kit checks them")
      log.take(OptimizerChecks(registry).run(module: module), as: .rules)
    }
  }

  // MARK: Operators

  private func checkLayer(_ entry: Registry.Entry, _ leaks: LeakCheck) {
    let uses = uses(entry, of: .layer)
    var cases: [LayerCase] = []
    for use in uses {
      log.counted(.examples)
      log.begins("infer of \(use.name)")
      do {
        cases.append(try LayerCase(use, ExampleGraph(use, registry), registry))
      } catch {
        log.found(.examples, use.component, "\(use.name) is refused: \(error.words)")
      }
    }
    if uses.isEmpty {
      let component = "operator \"\(entry.schema.name)\""
      return log.found(.examples, component, "has no examples, so nothing is checked")
    }
    let memory = MemoryCheck(log: log)
    for one in cases {
      for setting in CallSetting.all(one) { memory.run(one, setting) }
    }
    for one in cases { ShapeCheck(log: log, schema: entry.schema).run(one) }
    checkCorners(entry, uses)
    for one in cases { ThreadCheck(log: log).run(one) }
    for one in cases { leaks.run(one) }
    checkByTestKit(.named(operators: [entry.schema.name]), "operator \"\(entry.schema.name)\"")
  }

  /// Each attribute of each example in turn at its corners.
  private func checkCorners(_ entry: Registry.Entry, _ uses: [CheckedUse]) {
    let memory = MemoryCheck(log: log)
    for use in uses {
      for (what, text) in AttributeCorners.variations(use.example.attributes, entry.schema) {
        var example = use.example
        example.attributes = text
        let corner = CheckedUse(component: use.component, op: use.op, number: use.number, example: example)
        log.begins("infer of \(use.component), example \(use.number), with \(what)")
        log.counted(.attributes)
        do {
          let graph = try ExampleGraph(corner, registry, memoryBytes: 1 << 20)
          let one = try LayerCase(corner, graph, registry)
          let sizes =
            one.inference.outputs.map { $0.count.number ?? .max }
            + one.inference.parameters.map { $0.shape.reduce(1, saturatingProduct) }
          guard sizes.reduce(0, saturatingSum) <= 1 << 17 else { continue }
          let setting = CallSetting(isDifferentiated: one.isDifferentiable)
          memory.run(one, setting, isHostile: true)
        } catch  where error.isMisuse {
          log.found(
            .attributes, use.component, key: String(error.words.prefix(60)),
            "example \(use.number) with \(what): \(error.words)")
        } catch {
          continue
        }
      }
    }
  }

  /// Gradients, precisions and threads, as every operator of the program is checked.
  ///
  /// Memory has no guards there, so what writes outside of its own is left alone.
  private func checkByTestKit(_ selection: CheckSelection, _ component: String) {
    guard !log.corrupting.contains(component) else { return }
    do {
      let gradients = try RegistryGradientCheck(registry).run(selection) {
        log.begins("gradients of \($0.name)")
      }
      log.take(gradients, as: .gradients)
      let threads = try LayerChecks(registry).run(selection) {
        log.begins("threads and runs of \($0.name)")
      }
      log.take(threads, as: .determinism)
    } catch {
      log.found(.manifest, "", "the plugin cannot be checked beside the host's own operators: \(error.words)")
    }
  }

  // MARK: All else

  private func checkLoss(_ entry: Registry.Entry, _ component: String, _ leaks: LeakCheck) {
    log.counted(.examples, entry.item.examples.count)
    checkOther(entry, component, leaks)
    if entry.item.examples.isEmpty {
      return log.found(.examples, component, "has no examples, so nothing is checked")
    }
    checkCases(uses(entry, of: .loss), leaks)
    checkByTestKit(.named(losses: [entry.schema.name]), component)
  }

  /// A component with its defaults, and with each attribute at its corners.
  private func checkOther(_ entry: Registry.Entry, _ component: String, _ leaks: LeakCheck) {
    for (number, (what, attributes)) in AttributeCorners.attributes(entry.schema).enumerated() {
      log.begins("create of \(component) with \(what)")
      log.counted(.attributes)
      do {
        let made = try entry.item.component(attributes)
        check(made, component, what, isDefault: number == 0)
        if number == 0 {
          try leaks.measure("create and destroy", component, component) {
            _ = try entry.item.component(attributes)
          }
        }
      } catch {
        if number == 0 || error.isMisuse {
          log.found(.attributes, component, "with \(what) is refused: \(error.words)")
        }
      }
    }
    if entry.item.family == .activation {
      checkCases(uses(entry, of: .activation), leaks)
      checkByTestKit(.named(activations: [entry.schema.name]), component)
    }
  }

  private func check(_ made: any Component, _ component: String, _ what: String, isDefault: Bool) {
    switch made {
    case let activation as any Activation:
      ActivationCheck(log: log, component: component).run(activation, what, isDefault: isDefault)
    case let loss as any Loss: LossCheck(log: log, component: component).run(loss, what)
    case let optimizer as any Optimizer: OptimizerCheck(log: log, component: component).run(optimizer, what)
    case let schedule as any Schedule:
      ScheduleCheck(log: log, component: component).run(schedule, what, isDefault: isDefault)
    case let initializer as any Initializer:
      InitializerCheck(log: log, component: component).run(initializer, what, isDefault: isDefault)
    case let metric as any Metric:
      MetricCheck(log: log, component: component).run(metric, what, isDefault: isDefault)
    default: log.found(.rules, component, "is made as \(type(of: made)), which is no component of its family")
    }
  }

  /// Activations and losses in the operators that use them: what they keep, and what threads do to them.
  private func checkCases(_ uses: [CheckedUse], _ leaks: LeakCheck) {
    for use in uses {
      guard let graph = try? ExampleGraph(use, registry), let one = try? LayerCase(use, graph, registry)
      else {
        continue
      }
      ThreadCheck(log: log).run(one)
      leaks.run(one)
    }
  }

  /// The uses of one component alone: of an operator of its version.
  private func uses(_ entry: Registry.Entry, of family: Family) -> [CheckedUse] {
    let name = entry.schema.name
    switch family {
    case .layer:
      return registry.uses(.named(operators: [name])).filter {
        LayerCase.operatorName($0.op) == (name, entry.schema.version)
      }
    case .loss: return registry.uses(.named(losses: [name]))
    default: return registry.uses(.named(activations: [name]))
    }
  }
}
