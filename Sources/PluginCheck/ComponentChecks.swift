import Kernels
import LayerKit
import NNGraphTestKit
import Verification

/// Every check of one module of a registry, in this process: what ends it or never returns ends the checks,
/// too.
///
/// Each component is checked alone: operators and losses by their examples, all else by their defaults and
/// the corners of their attributes.
public struct ComponentChecks {
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
  ///
  /// Leaks are looked for where `isAlone`: where nothing else in the process takes memory meanwhile.
  public func run(isAlone: Bool = true, between: (_ component: String) -> Void = { _ in }) {
    let leaks = LeakCheck(log, isAlone: isAlone)
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
    checkOptimizers()
  }

  /// All optimizers together, as those of the program are checked.
  private func checkOptimizers() {
    let optimizers = registry.entries(.optimizer).filter { $0.module == module }
    let admitted = optimizers.filter { log.admits("optimizer \"\($0.schema.name)\"", to: [.rules]) }
    guard !optimizers.isEmpty, admitted.count == optimizers.count else { return }
    log.begins("update of the optimizers of \"\(module)\", as the test kit checks them")
    log.take(OptimizerChecks(registry).run(module: module), as: .rules)
  }

  // MARK: Operators

  /// The checks one after another, each for all examples; the rest is skipped where one fails.
  private func checkLayer(_ entry: Registry.Entry, _ leaks: LeakCheck) {
    let version = entry.schema.version > 1 ? "@\(entry.schema.version)" : ""
    let component = "operator \"\(entry.schema.name)\(version)\""
    let uses = uses(entry, of: .layer)
    if uses.isEmpty { log.found(.examples, component, "has no examples, so nothing is checked") }
    let cases = cases(uses)
    ParameterList(log: log, schema: entry.schema).check(cases)
    let late: [Check] = [.attributes, .gradients, .determinism, .leaks]
    guard log.admits(component, to: [.shapes, .memory] + late) else { return }
    var hostile: [(example: Int, make: () -> LayerCase?)] = []
    for (example, one) in cases {
      log.example = example
      hostile += ShapeCheck(log: log, schema: entry.schema).run(one).map { (example, $0) }
    }
    guard log.admits(component, to: [.memory] + late) else { return }
    let memory = MemoryCheck(log: log)
    for (example, one) in cases {
      log.example = example
      for setting in CallSetting.all(one) { memory.run(one, setting) }
    }
    guard log.admits(component, to: late) else { return }
    for (example, make) in hostile {
      log.example = example
      guard let one = make() else { continue }
      memory.run(one, CallSetting(isDifferentiated: one.isDifferentiable), isHostile: true)
    }
    guard log.admits(component, to: late) else { return }
    checkCorners(entry, uses)
    guard log.admits(component, to: [.gradients, .determinism, .leaks]) else { return }
    for (example, one) in cases {
      log.example = example
      ThreadCheck(log: log).run(one)
      leaks.run(one)
    }
    checkByTestKit(.named(operators: [entry.schema.name]), uses, component)
  }

  /// The cases of the examples that are accepted.
  private func cases(_ uses: [CheckedUse]) -> [(example: Int, layerCase: LayerCase)] {
    var cases: [(Int, LayerCase)] = []
    for use in uses {
      log.counted(.examples)
      log.begins("infer of \(use.name)")
      log.example = use.number
      do {
        cases.append((use.number, try LayerCase(use, ExampleGraph(use, registry), registry)))
      } catch {
        log.found(
          .examples, use.component, sentence: error.words, "\(use.name) is refused: \(error.words)")
      }
    }
    return cases
  }

  /// Each attribute of each example in turn at its corners.
  private func checkCorners(_ entry: Registry.Entry, _ uses: [CheckedUse]) {
    let memory = MemoryCheck(log: log)
    for use in uses {
      log.example = use.number
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
  private func checkByTestKit(_ selection: CheckSelection, _ uses: [CheckedUse], _ component: String) {
    do {
      let gradients = try RegistryGradientCheck(registry).run(selection) {
        log.begins("gradients of \($0.name)")
      }
      log.take(gradients, of: uses, as: .gradients)
      let threads = try LayerChecks(registry).run(selection) {
        log.begins("threads and runs of \($0.name)")
      }
      log.take(threads, of: uses, as: .determinism)
    } catch {
      log.found(.manifest, "", "the plugin cannot be checked beside the host's own operators: \(error.words)")
    }
  }

  // MARK: All else

  private func checkLoss(_ entry: Registry.Entry, _ component: String, _ leaks: LeakCheck) {
    log.counted(.examples, entry.item.examples.count)
    checkOther(entry, component, leaks)
    if entry.item.examples.isEmpty {
      log.found(.examples, component, "has no examples, so nothing is checked")
    }
    checkUses(uses(entry, of: .loss), .named(losses: [entry.schema.name]), component, leaks)
  }

  /// A component with its defaults, and with each attribute at its corners.
  private func checkOther(_ entry: Registry.Entry, _ component: String, _ leaks: LeakCheck) {
    log.example = 0
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
      let name = entry.schema.name
      checkUses(uses(entry, of: .activation), .named(activations: [name]), component, leaks)
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
  private func checkUses(
    _ uses: [CheckedUse], _ selection: CheckSelection, _ component: String, _ leaks: LeakCheck
  ) {
    guard log.admits(component, to: [.gradients, .determinism, .leaks]) else { return }
    for use in uses {
      log.example = use.number
      guard let graph = try? ExampleGraph(use, registry), let one = try? LayerCase(use, graph, registry)
      else {
        continue
      }
      ThreadCheck(log: log).run(one)
      leaks.run(one)
    }
    checkByTestKit(selection, uses, component)
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
