import Kernels
import LayerKit
import Tensors
import Testing

@testable import NNGraphTestKit
@testable import PluginHost

/// Losses, optimizers, schedules, initializers and metrics, called as the host calls them.
@Suite struct PartTests {
  @Test func `losses give the same bits`() throws {
    let registries = try CrossedRegistries()
    let names = registries.names[.loss] ?? []
    #expect(names.count == 9)
    for name in names {
      let defaults = registries.linked.defaults(.loss, name)
      let (linked, crossed) = try registries.pair(.loss, name, defaults, as: (any Loss).self)
      #expect(linked.targets == crossed.targets && linked.ignoredClass == crossed.ignoredClass)
      #expect(linked.operationsPerFeature == crossed.operationsPerFeature)
      for targets in [LossTargets.numbers, .classes] where linked.targets.contains(targets) {
        let inClasses = targets == .classes
        #expect(computed(linked, inClasses, as: Float.self) == computed(crossed, inClasses, as: Float.self))
        #expect(computed(linked, inClasses, as: Double.self) == computed(crossed, inClasses, as: Double.self))
      }
    }
  }

  /// The errors and gradients of five rows of three probabilities, as texts that tell every bit.
  private func computed<Scalar: FloatScalar>(_ loss: any Loss, _ inClasses: Bool, as: Scalar.Type) -> [String]
  {
    let prediction = (0..<15).map { Scalar([0.2, 0.5, 0.3][$0 % 3] + Double($0 / 3) * 0.01) }
    let target = (0..<15).map { Scalar([0.6, 0.1, 0.3][($0 + 1) % 3]) }
    let classes: [Int32] = [0, 2, 1, 1, 0]
    let coefficients = (0..<5).map { Scalar(0.5 + Double($0)) }
    var errors = [Scalar](repeating: 0, count: 5)
    var gradient = [Scalar](repeating: 0, count: 15)
    var targetGradient = [Scalar](repeating: 0, count: 15)
    prediction.withUnsafeBufferPointer { prediction in
      target.withUnsafeBufferPointer { target in
        classes.withUnsafeBufferPointer { classes in
          guard let base = prediction.baseAddress else { return }
          let rows = LossRows<Scalar>(
            prediction: base, target: inClasses ? nil : target.baseAddress,
            classes: inClasses ? classes.baseAddress : nil, rows: 5, features: 3)
          loss.errors(rows, &errors)
          if inClasses {
            loss.gradients(rows, coefficients: coefficients, prediction: &gradient, target: nil)
          } else {
            loss.gradients(rows, coefficients: coefficients, prediction: &gradient, target: &targetGradient)
          }
        }
      }
    }
    return (errors + gradient + targetGradient).map { "\($0)" }
  }

  @Test func `optimizers take the same steps`() throws {
    let registries = try CrossedRegistries()
    let names = registries.names[.optimizer] ?? []
    #expect(names.count == 8)
    for name in names {
      for changed in registries.linked.variants(.optimizer, name) {
        let refusal = message { _ = try registries.linked.entry(.optimizer, name)?.item.component(changed) }
        if let refusal {
          let theirs = message { _ = try registries.crossed.entry(.optimizer, name)?.item.component(changed) }
          #expect(theirs?.contains(refusal) == true)
          continue
        }
        let (linked, crossed) = try registries.pair(.optimizer, name, changed, as: (any Optimizer).self)
        #expect(linked.slotCount == crossed.slotCount && linked.firstScalars == crossed.firstScalars)
        #expect(linked.learningRate == crossed.learningRate && linked.weightDecay == crossed.weightDecay)
        #expect(walk(linked, as: Float.self) == walk(crossed, as: Float.self), "\(name)")
        #expect(walk(linked, as: Double.self) == walk(crossed, as: Double.self), "\(name)")
      }
    }
  }

  /// The parameters and everything the optimizer keeps, after three steps.
  private func walk<Scalar: FloatScalar>(_ optimizer: any Optimizer, as: Scalar.Type) -> [String] {
    let count = 11
    var parameters = (0..<count).map { Scalar(Double($0) * 0.37 - 1) }
    var slots = [Scalar](repeating: 0, count: max(1, optimizer.slotCount * count))
    var scalars = optimizer.firstScalars + [0]
    for step in 1...3 {
      let gradients = (0..<count).map { Scalar(Double(($0 * 7 + step) % 5) * 0.21 - 0.4) }
      scalars.withUnsafeMutableBufferPointer { scalars in
        guard let scalars = scalars.baseAddress else { return }
        optimizer.advance(scalars, step: step)
        parameters.withUnsafeMutableBufferPointer { parameters in
          slots.withUnsafeMutableBufferPointer { slots in
            gradients.withUnsafeBufferPointer { gradients in
              guard let parameters = parameters.baseAddress, let slots = slots.baseAddress,
                let gradients = gradients.baseAddress
              else { return }
              optimizer.update(
                OptimizerRange(
                  parameters: parameters, gradients: gradients, slots: slots, slotStride: count, count: count,
                  rate: Scalar(optimizer.learningRate), weightDecay: Scalar(optimizer.weightDecay),
                  step: step,
                  scalars: scalars))
            }
          }
        }
      }
    }
    return (parameters + slots).map { "\($0)" } + scalars.map { "\($0)" }
  }

  @Test func `schedules give the same factors`() throws {
    let registries = try CrossedRegistries()
    let names = registries.names[.schedule] ?? []
    #expect(names.count == 5)
    for name in names {
      let plain = registries.linked.plain(.schedule, name)
      let (linked, crossed) = try registries.pair(.schedule, name, plain, as: (any Schedule).self)
      #expect(linked.warmup == crossed.warmup)
      for step in [0, 1, 7, 99] {
        #expect(
          linked.factor(step: step, steps: 100, stepsPerEpoch: 10, rate: 0.3)
            == crossed.factor(step: step, steps: 100, stepsPerEpoch: 10, rate: 0.3))
      }
    }
  }

  @Test func `initializers draw the same numbers`() throws {
    let registries = try CrossedRegistries()
    let names = registries.names[.initializer] ?? []
    #expect(names.count == 13)
    for name in names {
      let plain = registries.linked.plain(.initializer, name)
      let (linked, crossed) = try registries.pair(.initializer, name, plain, as: (any Initializer).self)
      var (first, second) = ([Double](repeating: -1, count: 24), [Double](repeating: -2, count: 24))
      first.withUnsafeMutableBufferPointer { linked.fill($0, shape: [4, 6], fanIn: 6, fanOut: 4, key: 77) }
      second.withUnsafeMutableBufferPointer { crossed.fill($0, shape: [4, 6], fanIn: 6, fanOut: 4, key: 77) }
      #expect(first == second, "\(name)")
    }
  }

  @Test func `metrics add and judge alike`() throws {
    let registries = try CrossedRegistries()
    let names = registries.names[.metric] ?? []
    #expect(names.count == 6)
    var prediction: [Float] = [0.2, 0.5, 0.3, 0.7, 0.2, 0.1, 0.1, 0.1, 0.8]
    var (numbers, classes): ([Float], [Int32]) = ([0, 1, 0, 0, 1, 0, 0, 0, 1], [1, 0, 2])
    for name in names {
      let plain = registries.linked.plain(.metric, name)
      let (linked, crossed) = try registries.pair(.metric, name, plain, as: (any Metric).self)
      #expect(linked.isLargerBetter == crossed.isLargerBetter && linked.sumCount == crossed.sumCount)
      let (rows, text) = (Dimension(symbol: "batch"), ValueType(.bool, [Dimension(symbol: "batch")]))
      let given = ValueType(.float32, [rows, 3])
      for target in [given, ValueType(.int32, [rows]), text, ValueType(.float32, [3])] {
        let ours = message { try linked.check(prediction: given, target: target) }
        let theirs = message { try crossed.check(prediction: given, target: target) }
        #expect((ours == nil) == (theirs == nil), "\(name) of \(target.shapeText)")
        if let ours { #expect(theirs?.contains(ours) == true) }
        guard ours == nil, target.element != .bool else { continue }
        func judged(_ metric: any Metric) -> (Double, [Double]) {
          var sums = [Double](repeating: 0, count: metric.sumCount)
          prediction.withUnsafeMutableBytes { prediction in
            numbers.withUnsafeMutableBytes { numbers in
              classes.withUnsafeMutableBytes { classes in
                guard let p = prediction.baseAddress, let n = numbers.baseAddress, let c = classes.baseAddress
                else { return }
                let answers = MetricValues(TensorView(p, ConcreteType(.float32, [3, 3])))
                let isInteger = target.element == .int32
                let wanted = MetricValues(
                  isInteger
                    ? TensorView(c, ConcreteType(.int32, [3]))
                    : TensorView(n, ConcreteType(.float32, [3, 3])))
                sums.withUnsafeMutableBufferPointer {
                  metric.add(prediction: answers, target: wanted, rows: 3, to: $0)
                }
              }
            }
          }
          return (sums.withUnsafeBufferPointer(metric.value), sums)
        }
        let (left, right) = (judged(linked), judged(crossed))
        #expect(left.1 == right.1 && left.0 == right.0, "\(name)")
      }
    }
  }
}

/// What the body throws, as a message.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? LayerFault)?.message ?? "\(error)"
  }
}

extension Registry {
  func defaults(_ family: Family, _ name: String) -> Attributes {
    entry(family, name)?.schema.defaults ?? Attributes()
  }

  /// The defaults, and a value for every attribute that is required.
  func plain(_ family: Family, _ name: String) -> Attributes {
    var values = defaults(family, name)
    for attribute in entry(family, name)?.schema.attributes ?? [] where attribute.isRequired {
      switch attribute.kind {
      case .integer: values[attribute.name] = .integer(3)
      case .number: values[attribute.name] = .number(0.5)
      case .integers: values[attribute.name] = .integers([3])
      default: continue
      }
    }
    return values
  }

  /// The defaults, and for each boolean and number the defaults with another value.
  func variants(_ family: Family, _ name: String) -> [Attributes] {
    let plain = plain(family, name)
    var all = [plain]
    for attribute in entry(family, name)?.schema.attributes ?? [] {
      var changed = plain
      switch attribute.kind {
      case .boolean: changed[attribute.name] = .boolean(!plain.boolean(attribute.name))
      case .number(let range):
        guard let other = [0.25, 0.75, 1.5].first(where: range.contains) else { continue }
        changed[attribute.name] = .number(other)
      default: continue
      }
      all.append(changed)
    }
    return all
  }
}
