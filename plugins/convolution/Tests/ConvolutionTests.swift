import Kernels
import LayerKit
import Runtime
import Testing

@testable import Convolution

/// The convolutions against their definition, in 64 bits, in 32 bits, and in 32 bits by oneDNN.
@Suite struct ConvolutionTests {
  /// Random uses, of which those remain that the layer accepts.
  private func uses(_ op: String, count: Int, seed: UInt64) -> [ConvolutionUse] {
    var draws = Choices(seed)
    var found: [ConvolutionUse] = []
    while found.count < count {
      let rank = op == "conv1d" ? 1 : 2
      let groups = draws.one(of: [1, 1, 1, 2, 3])
      let isDepthwise = draws.below(5) == 0
      let channels = isDepthwise ? draws.one(of: [3, 16, 20]) : groups * draws.one(of: [1, 2, 3, 8, 16, 17])
      let filters = isDepthwise ? channels * draws.one(of: [1, 2]) : groups * draws.one(of: [1, 4, 5, 16])
      var attributes: [String: AttributeValue] = [
        "filters": .integer(filters), "groups": .integer(isDepthwise ? channels : groups),
        "bias": .boolean(draws.below(3) > 0), "kernel": .integers((0..<rank).map { _ in draws.from(1, 4) }),
        "stride": .integers((0..<rank).map { _ in draws.one(of: [1, 1, 1, 2, 3, 5]) }),
        "dilation": .integers((0..<rank).map { _ in draws.one(of: [1, 1, 1, 2, 3]) }),
      ]
      switch draws.below(3) {
      case 0: attributes["padding"] = .word("same")
      case 1: attributes["padding"] = .integers((0..<2 * rank).map { _ in draws.below(5) })
      default: break
      }
      if op == "conv_transpose2d" {
        attributes["output_padding"] = .integers([draws.below(3), draws.below(2)])
      }
      let input = [draws.from(1, 3), channels] + (0..<rank).map { _ in draws.one(of: [1, 2, 5, 7, 9, 16]) }
      if let use = try? ConvolutionUse(op, attributes, input: input) { found.append(use) }
    }
    return found
  }

  @Test(arguments: [("conv1d", 60), ("conv2d", 160), ("conv_transpose2d", 160)])
  func everyWayToComputeIsTheDefinition(_ op: String, _ count: Int) throws {
    var byPrimitives = 0
    for use in uses(op, count: count, seed: 11) {
      let numbers = use.numbers()
      let wanted = use.definition(numbers)
      let double = try use.run(numbers, as: Double.self)
      #expect(largestDifference(double, wanted) < 1e-13, "64 bits: \(use)")
      let single = try use.run(numbers, as: Float.self)
      #expect(largestDifference(single, wanted) < 4e-6, "32 bits: \(use)")
      let primitives = try use.run(numbers, as: Float.self, usesPrimitives: true)
      #expect(largestDifference(primitives, wanted) < 4e-6, "oneDNN: \(use)")
      byPrimitives += use.primitiveResults().count
      let turned = try use.run(numbers, as: Double.self, hasChannelsLast: true)
      #expect(largestDifference(turned, wanted) < 1e-13, "64 bits, channels last: \(use)")
      for usesPrimitives in [false, true] {
        let turned = try use.run(
          numbers, as: Float.self, usesPrimitives: usesPrimitives, hasChannelsLast: true)
        #expect(largestDifference(turned, wanted) < 2e-5, "32 bits, channels last: \(use)")
      }
    }
    #expect(byPrimitives * 4 > count * 9, "oneDNN computed \(byPrimitives) results of \(3 * count)")
  }

  /// Sizes that give several slices, of which the last are smaller.
  private func large(_ op: String = "conv2d") throws -> ConvolutionUse {
    try ConvolutionUse(
      op, ["filters": .integer(20), "kernel": .integers([3]), "padding": .word("same")],
      input: [7, 18, 20, 19])
  }

  @Test(arguments: ["conv2d", "conv_transpose2d"]) func slicesGiveTheDefinition(_ op: String) throws {
    let use = try large(op)
    let memory = ConvolutionMemory(use.geometry, admitsPrimitives: true)
    #expect((0..<memory.slices.count).map { memory.slices.range($0) } == [0..<2, 2..<4, 4..<6, 6..<7])
    #expect(memory.slices.firstSmall == 3)
    #expect(use.primitiveResults().count == 3)
    let numbers = use.numbers()
    let wanted = use.definition(numbers)
    #expect(largestDifference(try use.run(numbers, as: Double.self), wanted) < 1e-13)
    #expect(largestDifference(try use.run(numbers, as: Float.self), wanted) < 1e-5)
    #expect(largestDifference(try use.run(numbers, as: Float.self, usesPrimitives: true), wanted) < 1e-5)
  }

  @Test(arguments: ["conv2d", "conv_transpose2d"], [false, true])
  func threadsChangeNoBit(_ op: String, _ usesPrimitives: Bool) throws {
    let use = try large(op)
    let numbers = use.numbers()
    let first = try use.run(numbers, as: Float.self, usesPrimitives: usesPrimitives)
    for executor: any Executor in [
      InOrder(reversed: true), ThreadPool(threadCount: 2), ThreadPool(threadCount: 3),
    ] {
      let again = try use.run(numbers, as: Float.self, usesPrimitives: usesPrimitives, executor: executor)
      #expect(again == first)
    }
  }

  @Test(arguments: [false, true]) func aFusedFunctionIsTheFunctionBehind(_ usesPrimitives: Bool) throws {
    for (name, function) in [
      ("tanh", MapKernel(.tanh)), ("silu", MapKernel(.silu)), ("relu", MapKernel(.relu)),
    ] {
      for op in ["conv2d", "conv_transpose2d"] {
        let use = try large(op)
        var numbers = use.numbers()
        let fused = try use.run(
          numbers, as: Float.self, usesPrimitives: usesPrimitives, fusing: FixedFunction(kernel: function))
        let z = try use.run(numbers, as: Float.self, usesPrimitives: usesPrimitives)[0]
        let (y, gradient) = function.applied(to: z, gradient: numbers[numbers.count - 1])
        numbers[numbers.count - 1] = gradient
        let apart = try use.run(numbers, as: Float.self, usesPrimitives: usesPrimitives)
        #expect(fused == [y] + apart.dropFirst(), "\(name) behind \(op)")
      }
    }
  }

  @Test func largeWindowsAreUnrolledInParts() throws {
    let use = try ConvolutionUse(
      "conv2d", ["filters": .integer(2), "kernel": .integers([7, 9]), "padding": .integers([3, 4, 2, 5])],
      input: [2, 30, 23, 21])
    #expect(ConvolutionMemory(use.geometry, admitsPrimitives: false).tile < use.geometry.map.area / 8)
    let numbers = use.numbers()
    let wanted = use.definition(numbers)
    #expect(largestDifference(try use.run(numbers, as: Double.self), wanted) < 1e-13)
    #expect(largestDifference(try use.run(numbers, as: Float.self, usesPrimitives: true), wanted) < 1e-5)
  }

  @Test func countsTwoOperationsForEachProduct() throws {
    let use = try ConvolutionUse(
      "conv2d", ["filters": .integer(6), "kernel": .integers([3])], input: [2, 4, 8, 8])
    let signature = Signature(
      inputs: [ConcreteType(.float32, use.inputShape)], outputs: [ConcreteType(.float32, use.outputShape)],
      parameters: use.parameterShapes.map { ConcreteType(.float32, $0) }, mode: .inference,
      isDifferentiated: false)
    #expect(use.layer.operations(signature) == 2 * (2 * 6 * 6 * 6) * (4 * 9))
  }
}

/// Choices drawn in a row.
private struct Choices {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func from(_ first: Int, _ last: Int) -> Int { first + below(last - first + 1) }
  mutating func one(of numbers: [Int]) -> Int { numbers[below(numbers.count)] }
}

/// A function by its kernel.
private struct FixedFunction: KernelActivation {
  static let schema = Schema("fixed", "A function of a test.")
  let kernel: MapKernel

  init(kernel: MapKernel) { self.kernel = kernel }
  init(_ attributes: Attributes) { kernel = MapKernel(.copy) }
}

extension MapKernel {
  /// The function of `z` and the gradient behind it, in 32 bits.
  fileprivate func applied(to z: [Double], gradient: [Double]) -> ([Double], [Double]) {
    let x = z.map { Float($0) }
    let gy = gradient.map { Float($0) }
    var (y, gx) = (x, gy)
    Kernel.map(function, x: x, y: &y, count: x.count, a: a, b: b)
    Kernel.mapGradient(function, x: x, y: y, gy: gy, gx: &gx, count: x.count, a: a, b: b)
    return (y.map { Double($0) }, gx.map { Double($0) })
  }
}
