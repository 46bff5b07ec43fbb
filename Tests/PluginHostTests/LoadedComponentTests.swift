import LayerKit
import Tensors
import Testing

@testable import PluginHost

@Suite struct LoadedComponentTests {
  @Test func anActivationHasItsStateAndKinks() throws {
    let made = try PluggedWorld.component(.activation, "bent", ["slope": .number(0.25)])
    let bent = try #require(made as? any Activation)
    #expect(bent.kinks == [0])
    #expect(bent.gradientReads.input && !bent.gradientReads.output)
    #expect(bent.schema.name == "bent")
    let x: [Double] = [-4, 2]
    var y: [Double] = [0, 0]
    bent.apply(x, &y, count: 2)
    #expect(y == [-1, 2])
    let single: [Float] = [-8, 3]
    var gradient: [Float] = [2, 2]
    single.withUnsafeBufferPointer { x in
      gradient.withUnsafeMutableBufferPointer { g in
        guard let x = x.baseAddress, let g = g.baseAddress else { return }
        bent.gradient(x: x, y: nil, gy: g, gx: g, count: 2)
      }
    }
    #expect(gradient == [0.5, 2])
  }

  @Test func aStateThatIsRefusedIsALayerFault() {
    let fault = #expect(throws: LayerFault.self) {
      try PluggedWorld.component(.activation, "bent", ["slope": .number(4)])
    }
    #expect(fault == LayerFault("4 is not for us (plugin \"complete\" 1.0.0)", attribute: "slope"))
  }

  @Test func aLossSaysWhatItTakes() throws {
    let loss = try #require(try PluggedWorld.component(.loss, "plugged_squares") as? any Loss)
    #expect(loss.targets == .numbers && loss.operationsPerFeature == 4 && loss.ignoredClass == nil)
    let (p, t): ([Float], [Float]) = ([1, 2, 3, 5], [0, 0, 1, 1])
    var errors: [Float] = [0, 0]
    loss.errors(LossRows(prediction: p, target: t, classes: nil, rows: 2, features: 2), &errors)
    #expect(errors == [5, 20])
  }

  @Test func anOptimizerKeepsArraysAndNumbers() throws {
    let made = try PluggedWorld.component(
      .optimizer, "plugged_momentum", ["learning_rate": .number(0.5)])
    let optimizer = try #require(made as? any Optimizer)
    #expect(optimizer.learningRate == 0.5 && optimizer.weightDecay == 0.25)
    #expect(optimizer.slotCount == 1 && optimizer.firstScalars == [10])
    var scalars = optimizer.firstScalars
    optimizer.advance(&scalars, step: 3)
    #expect(scalars == [13])
    var (parameters, slots): ([Double], [Double]) = ([100, 200], [4, 8])
    let gradients: [Double] = [1, 2]
    parameters.withUnsafeMutableBufferPointer { parameters in
      slots.withUnsafeMutableBufferPointer { slots in
        guard let p = parameters.baseAddress, let s = slots.baseAddress else { return }
        optimizer.update(
          OptimizerRange(
            parameters: p, gradients: gradients, slots: s, slotStride: 2, count: 2, rate: 0.5, weightDecay: 2,
            step: 3, scalars: scalars))
      }
    }
    #expect(slots == [3, 6])
    #expect(parameters == [83.5, 182])
  }

  @Test func aScheduleLeavesItsWarmUpToTheHost() throws {
    let schedule = try #require(try PluggedWorld.component(.schedule, "plugged_steps") as? any Schedule)
    #expect(schedule.warmup == 3)
    #expect(schedule.factor(step: 1, steps: 4, stepsPerEpoch: 8, rate: 0.5) == 4.25)
  }

  @Test func anInitializerSeesShapeAndFans() throws {
    let made = try PluggedWorld.component(.initializer, "plugged_ramp", ["slope": .number(0.5)])
    let ramp = try #require(made as? any Initializer)
    var values = [Double](repeating: 0, count: 3)
    values.withUnsafeMutableBufferPointer { ramp.fill($0, shape: [3], fanIn: 1, fanOut: 2, key: 9) }
    for (index, value) in values.enumerated() { #expect(abs(value - (321 + Double(index) * 0.5)) < 1e-8) }
    #expect(values[0] != 321)
  }

  @Test func aMetricAddsRowsOfAnyType() throws {
    let made = try PluggedWorld.component(.metric, "plugged_distance")
    let metric = try #require(made as? any Metric)
    #expect(metric.sumCount == 2 && !metric.isLargerBetter)
    var sums: [Double] = [0, 0]
    var prediction: [Float] = [1, 2, 3]
    var target: [Int32] = [3, 2, 100]
    prediction.withUnsafeMutableBytes { p in
      target.withUnsafeMutableBytes { t in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let p = p.baseAddress, let t = t.baseAddress else { return }
          metric.add(
            prediction: MetricValues(TensorView(p, ConcreteType(.float32, [3]))),
            target: MetricValues(TensorView(t, ConcreteType(.int32, [3]))), rows: 2, to: sums)
        }
      }
    }
    #expect(sums == [2, 2])
    #expect(sums.withUnsafeBufferPointer { metric.value($0) } == 1)
    let (a, b) = (ValueType(.float32, [Dimension(symbol: "batch")]), ValueType(.float32, [3, 4]))
    try metric.check(prediction: a, target: a)
    let fault = #expect(throws: LayerFault.self) { try metric.check(prediction: a, target: b) }
    #expect(fault?.message == "target has another rank (plugin \"complete\" 1.0.0)")
  }
}
