import Compiler
import Diagnostics
import GraphFile
import LayerKit
import Runtime
import StandardModule
import Testing

@testable import Convolution

/// A block of convolutions whose inner values are computed again for backward.
@Suite struct ConvolutionRecomputationTests {
  private static func text(_ recomputes: Bool) -> String {
    """
    {"format": "nngraph/1", "name": "deep", "plugins": ["convolution"],
     "inputs": {"x": {"shape": [3, 4, 9, 8]}},
     "nodes": [
      {"name": "h", "op": "stage", "inputs": ["x"], "repeat": 3, "recompute": \(recomputes)},
      {"name": "p", "op": "global_average_pool", "inputs": ["h"]},
      {"name": "loss", "op": "reduce_mean", "inputs": ["p"], "axes": [0, 1]}],
     "outputs": ["h", "loss"], "training": {"loss": "loss"},
     "blocks": {"stage": {"inputs": ["v"], "nodes": [
      {"name": "a", "op": "conv2d", "inputs": ["v"], "filters": 6, "kernel": 3, "padding": "same",
       "activation": "relu"},
      {"name": "n", "op": "batch_norm", "inputs": ["a"]},
      {"name": "m", "op": "max_pool2d", "inputs": ["n"], "kernel": 3, "stride": 1, "padding": "same"},
      {"name": "g", "op": "group_norm", "inputs": ["m"], "groups": 2},
      {"name": "b", "op": "conv2d", "inputs": ["g"], "filters": 4, "kernel": 1, "activation": "tanh"},
      {"name": "s", "op": "add", "inputs": ["b", "v"]}], "outputs": ["s"]}}}
    """
  }

  /// The outputs, gradients and states of two steps.
  private func numbers(_ recomputes: Bool, _ rewrites: RewriteSelection, threads: Int) throws -> [[Float]] {
    var registry = Registry()
    try registry.register(StandardModule())
    try registry.register(ConvolutionModule())
    let reading = GraphDocument.read(Array(Self.text(recomputes).utf8), file: "graph.json", folder: ".")
    let (resolved, faults) = Network.resolve(reading, registry: registry)
    let network = try #require(resolved, "\(faults.map(\.description).joined(separator: "\n"))")
    let request = PlanRequest(
      mode: .training, sizes: [:], fetches: network.outputs.map(\.value),
      losses: network.training?.losses ?? [], inputGradients: network.inputs.map(\.value), rewrites: rewrites)
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    #expect((plan.repeatedOperations > 0) == recomputes)
    let store = try ParameterStore(network)
    store.initialize(seed: 4)
    let session = try Session(plan, parameters: store, executor: ThreadPool(threadCount: threads))
    let x = try #require(session.input(network.inputs[0].value))
    for element in 0..<x.count { x.pointer(Float.self)[element] = Float((element * 5) % 23) / 16 - 0.5 }
    var found: [[Float]] = []
    func take(_ view: TensorView?) {
      guard let view else { return }
      found.append(Array(UnsafeBufferPointer(start: view.pointer(Float.self), count: view.count)))
    }
    for step in 0..<2 {
      try session.run(seed: 1, step: step)
      for value in request.fetches { take(session.output(value)) }
      take(session.inputGradient(network.inputs[0].value))
      for id in plan.reached.sorted(by: { $0.index < $1.index }) { take(try store.gradientView(id)) }
    }
    for index in network.parameters.indices { take(store.view(ParameterID(index))) }
    return found
  }

  @Test(arguments: [RewriteSelection.all, .none])
  func theBitsAreThoseOfAPlanThatKeepsAll(_ rewrites: RewriteSelection) throws {
    let kept = try numbers(false, rewrites, threads: 1)
    #expect(kept.count > 40)
    for threads in 1...3 { #expect(try numbers(true, rewrites, threads: threads) == kept) }
  }
}
