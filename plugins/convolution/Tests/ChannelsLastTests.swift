import Compiler
import Diagnostics
import GraphFile
import Kernels
import LayerKit
import NNGraphTestKit
import Runtime
import StandardModule
import Tensors
import Testing

@testable import Convolution

/// What computes with the channels last: alone, and between convolutions.
@Suite struct ChannelsLastTests {
  /// Image and channels on both sides, of which some are several blocks of tiles.
  private static let sizes = [
    (2, 16, 16, 8, 8, 1), (3, 16, 32, 13, 9, 0), (1, 32, 16, 8, 12, 2), (2, 48, 16, 16, 16, 1),
    (9, 64, 64, 4, 4, 1), (1, 16, 16, 31, 6, 1),
  ]

  @Test(arguments: sizes, ["conv2d", "conv_transpose2d"])
  func fewerMultiplicationsGiveTheSame(_ size: (Int, Int, Int, Int, Int, Int), _ op: String) throws {
    let (images, channels, filters, height, width, padding) = size
    let use = try ConvolutionUse(
      op,
      [
        "filters": .integer(filters), "kernel": .integers([3]),
        "padding": .integers([Int](repeating: padding, count: 4)),
      ], input: [images, channels, height, width])
    let geometry = ConvolutionGeometry(
      use.layer.settings, input: withChannelsLast(use.inputShape), output: withChannelsLast(use.outputShape),
      hasChannelsLast: true)
    #expect(ConvolutionMemory(geometry, admitsPrimitives: true).winograd != nil)
    #expect(ConvolutionMemory(geometry, admitsPrimitives: false).winograd == nil)
    let numbers = use.numbers()
    let wanted = try use.run(numbers, as: Double.self)
    let found = try use.run(numbers, as: Float.self, hasChannelsLast: true)
    #expect(largestDifference(found, wanted) < 2e-5)
    let reversed = try use.run(
      numbers, as: Float.self, executor: InOrder(reversed: true), hasChannelsLast: true)
    #expect(reversed == found)
  }

  @Test func otherWindowsAreLeftToOthers() throws {
    func winograd(_ attributes: [String: AttributeValue], _ input: [Int], last: Bool = true) throws -> Bool {
      let use = try ConvolutionUse(
        "conv2d", ["filters": .integer(16), "kernel": .integers([3])].merging(attributes) { $1 }, input: input
      )
      let shapes =
        last ? [use.inputShape, use.outputShape].map(withChannelsLast) : [use.inputShape, use.outputShape]
      return WinogradConvolution(
        ConvolutionGeometry(use.layer.settings, input: shapes[0], output: shapes[1], hasChannelsLast: last))
        != nil
    }
    #expect(try winograd([:], [4, 16, 16, 16]))
    #expect(try !winograd([:], [4, 16, 16, 16], last: false))
    #expect(try !winograd([:], [4, 15, 16, 16]))
    #expect(try !winograd(["filters": .integer(20)], [4, 16, 16, 16]))
    #expect(try !winograd(["kernel": .integers([3, 2])], [4, 16, 16, 16]))
    #expect(try !winograd(["stride": .integers([2])], [4, 16, 16, 16]))
    #expect(try !winograd(["dilation": .integers([2])], [4, 16, 16, 16]))
    #expect(try !winograd(["groups": .integer(2)], [4, 16, 16, 16]))
    #expect(try !winograd(["padding": .integers([3, 3, 3, 3])], [4, 16, 16, 16]))
    #expect(try !winograd([:], [400, 16, 3, 3]))
    #expect(try !winograd([:], [1, 16, 6, 6]))
  }

  @Test(arguments: [1, 5, 16, 35]) func globalMeansAgree(_ channels: Int) throws {
    var draws = Draws(5)
    let use = try LayerUse(GlobalAveragePool(Attributes([:])), [3, channels, 4, 5])
    let turned = try #require(use.turned())
    let (x, gy) = (draws.quarters(use.inputCount), draws.quarters(use.outputCount))
    let (wanted, found) = (
      try use.run(x, gy: gy, as: Double.self), try turned.run(x, gy: gy, as: Double.self)
    )
    #expect(distance(found.y, wanted.y) < 1e-14)
    #expect(found.gx == wanted.gx)
  }

  @Test func theTurnIsUndoneByItsGradient() throws {
    var draws = Draws(6)
    for place in [ChannelTurn.Place.first, .last] {
      let use = try LayerUse(ChannelTurn(place), [2, 5, 3, 7])
      let x = draws.quarters(use.inputCount)
      let there = try use.run(x, gy: draws.quarters(use.outputCount), as: Float.self)
      #expect(there.y == (place == .last ? turn(x, [2, 5, 3, 7]) : turnBack(x, [2, 7, 5, 3])))
      #expect(try use.run(x, gy: there.y, as: Float.self).gx == x)
    }
  }

  /// A network with whatever may stand between convolutions, for so many channels.
  private static func network(_ channels: Int) -> String {
    """
    {"format": "nngraph/1", "name": "residual", "plugins": ["convolution"],
     "inputs": {"x": {"shape": ["batch", 3, 12, 10]}},
     "nodes": [
      {"name": "a", "op": "conv2d", "inputs": ["x"], "filters": \(channels), "kernel": 3, "padding": "same"},
      {"name": "an", "op": "batch_norm", "inputs": ["a"]},
      {"name": "ar", "op": "activation", "function": "relu", "inputs": ["an"]},
      {"name": "p", "op": "max_pool2d", "inputs": ["ar"], "kernel": 3, "stride": 2, "padding": "same"},
      {"name": "b", "op": "conv2d", "inputs": ["p"], "filters": \(channels), "kernel": 3, "padding": "same",
       "bias": false},
      {"name": "bn", "op": "batch_norm", "inputs": ["b"]},
      {"name": "s", "op": "add", "inputs": ["bn", "p"]},
      {"name": "sr", "op": "activation", "function": "relu", "inputs": ["s"]},
      {"name": "c", "op": "conv2d", "inputs": ["sr"], "filters": \(channels), "kernel": 3, "padding": "same",
       "activation": "relu"},
      {"name": "m", "op": "max_pool2d", "inputs": ["c"], "kernel": 2},
      {"name": "v", "op": "average_pool2d", "inputs": ["sr"], "kernel": 2},
      {"name": "j", "op": "concatenate", "inputs": ["m", "v"], "axis": 1},
      {"name": "d", "op": "conv2d", "inputs": ["j"], "filters": 5, "kernel": 1, "activation": "tanh"},
      {"name": "f", "op": "flatten", "inputs": ["d"]},
      {"name": "e", "op": "dense", "inputs": ["f"], "units": 4},
      {"name": "g", "op": "global_average_pool", "inputs": ["j"]},
      {"name": "h", "op": "dense", "inputs": ["g"], "units": 4},
      {"name": "y", "op": "multiply", "inputs": ["e", "h"]},
      {"name": "loss", "op": "reduce_mean", "inputs": ["y"], "axes": [0, 1]}],
     "outputs": ["y", "sr", "loss"], "training": {"loss": "loss"}}
    """
  }

  /// Outputs, gradients and states after one step, and the rewrites that were applied.
  private func numbers(
    _ channels: Int, _ mode: Mode, _ rewrites: RewriteSelection, inDouble: Bool = false, threads: Int = 1
  ) throws -> (values: [[Double]], applied: [String]) {
    var registry = Registry()
    try registry.register(StandardModule())
    try registry.register(ConvolutionModule())
    let reading = GraphDocument.read(Array(Self.network(channels).utf8), file: "graph.json", folder: ".")
    let (resolved, faults) = Network.resolve(reading, registry: registry)
    let network = try #require(resolved, "\(faults.map(\.description).joined(separator: "\n"))")
    let trains = mode == .training
    let request = PlanRequest(
      mode: mode, sizes: ["batch": 5], inDouble: inDouble, fetches: network.outputs.map(\.value),
      losses: trains ? network.training?.losses ?? [] : [],
      inputGradients: trains ? network.inputs.map(\.value) : [], rewrites: rewrites)
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    let store = try ParameterStore(network, inDouble: inDouble)
    store.initialize(seed: 3)
    let session = try Session(plan, parameters: store, executor: ThreadPool(threadCount: threads))
    let x = try #require(session.input(network.inputs[0].value))
    var draws = Draws(8)
    for (element, value) in draws.uniform(x.count).enumerated() {
      if inDouble { x.pointer()[element] = value } else { x.pointer()[element] = Float(value) }
    }
    try session.run(seed: 1)
    var views = request.fetches.map { session.output($0) }
    if trains {
      views.append(session.inputGradient(network.inputs[0].value))
      views += try plan.reached.sorted { $0.index < $1.index }.map { try store.gradientView($0) }
    }
    views += network.parameters.indices.map { store.view(ParameterID($0)) }
    let values = views.compactMap { $0 }.map { view in
      (0..<view.count).map { inDouble ? view.pointer(Double.self)[$0] : Double(view.pointer(Float.self)[$0]) }
    }
    return (values, plan.appliedRewrites)
  }

  @Test(arguments: [5, 16, 24], [Mode.training, .inference])
  func aTurnedNetworkComputesTheSame(_ channels: Int, _ mode: Mode) throws {
    let double = try numbers(channels, mode, .none, inDouble: true)
    let turnedDouble = try numbers(channels, mode, .all, inDouble: true)
    #expect(largestDifference(turnedDouble.values, double.values) < 1e-12)
    let turned = try numbers(channels, mode, .all)
    #expect(turned.applied.contains("channels-last"))
    #expect(turned.applied.contains("batch-norm-followers") == (mode == .training))
    #expect(turned.applied.contains("convolution-batch-norm") == (mode == .inference))
    #expect(turned.applied.contains("max-pool-relu"))
    #expect(largestDifference(turned.values, double.values) < 5e-5)
    for threads in 2...3 {
      #expect(try numbers(channels, mode, .all, threads: threads).values == turned.values)
    }
  }

  @Test(arguments: ["batch-norm-followers", "max-pool-relu", "channels-last", "convolution-activation"])
  func eachRewriteAloneChangesNoMeaning(_ name: String) throws {
    let wanted = try numbers(16, .training, .none, inDouble: true)
    let alone = try numbers(16, .training, .only([name]), inDouble: true)
    #expect(alone.applied == [name])
    #expect(largestDifference(alone.values, wanted.values) < 1e-12)
  }
}
