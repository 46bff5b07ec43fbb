import Compiler
import Diagnostics
import GraphFile
import LayerKit
import NNGraphTestKit
import Runtime
import StandardModule
import Tensors
import Testing

@testable import Convolution

/// What becomes of operators behind a convolution, and the checks that every module must pass.
@Suite struct ConvolutionRewriteTests {
  private func registry() throws -> Registry {
    var registry = Registry()
    try registry.register(StandardModule())
    try registry.register(ConvolutionModule())
    return registry
  }

  @Test func everyGradientIsRight() throws {
    let operators = ["conv1d", "conv2d", "conv_transpose2d"]
    let report = try RegistryGradientCheck(registry()).run(operators: operators)
    #expect(report.passed, "\(report)")
    #expect(report.uses == 15)
    let checks = try LayerChecks(registry()).run(.named(operators: operators))
    #expect(checks.passed, "\(checks)")
  }

  /// The output of a graph whose numbers are drawn, and the names of the rewrites that changed it.
  private func output(
    _ nodes: String, outputs: String = "\"y\"", mode: Mode = .inference,
    rewrites: RewriteSelection = .without(["channels-last"]), inDouble: Bool = false
  ) throws -> (values: [Double], applied: [String], operations: Int) {
    let text = """
      {"format": "nngraph/1", "name": "rewritten", "plugins": ["convolution"],
       "inputs": {"x": {"shape": [3, 4, 9, 8], "type": "float32"}},
       "nodes": [\(nodes)], "outputs": [\(outputs)]}
      """
    let registry = try registry()
    let reading = GraphDocument.read(Array(text.utf8), file: "graph.json", folder: ".")
    let (resolved, faults) = Network.resolve(reading, registry: registry)
    let network = try #require(resolved, "\(faults.map(\.description).joined(separator: "\n"))")
    let request = PlanRequest(
      mode: mode, sizes: [:], inDouble: inDouble, fetches: network.outputs.map(\.value), rewrites: rewrites)
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    let parameters = try ParameterStore(network, inDouble: inDouble)
    for index in network.parameters.indices {
      let view = parameters.view(ParameterID(index))
      for element in 0..<view.count {
        // Positive, as a variance is, and different everywhere.
        let value = 0.25 + Double((element * 7 + index * 3) % 11) / 8
        if inDouble {
          view.pointer(Double.self)[element] = value
        } else {
          view.pointer(Float.self)[element] = Float(value)
        }
      }
    }
    let session = try Session(plan, parameters: parameters, executor: ThreadPool(threadCount: 2))
    let x = try #require(session.input(network.inputs[0].value))
    for element in 0..<x.count {
      let value = Double((element * 5) % 23) / 16 - 0.5
      if inDouble {
        x.pointer(Double.self)[element] = value
      } else {
        x.pointer(Float.self)[element] = Float(value)
      }
    }
    try session.run(seed: 1)
    let y = try #require(session.output(network.outputs[0].value))
    let values =
      inDouble
      ? Array(UnsafeBufferPointer(start: y.pointer(Double.self), count: y.count))
      : UnsafeBufferPointer(start: y.pointer(Float.self), count: y.count).map { Double($0) }
    return (values, plan.appliedRewrites, plan.calls.count)
  }

  private static let norms = [
    #"{"name": "c", "op": "conv2d", "inputs": ["x"], "filters": 6, "kernel": 3, "groups": 2}"#,
    #"{"name": "c", "op": "conv2d", "inputs": ["x"], "filters": 6, "kernel": 3, "bias": false}"#,
    #"{"name": "c", "op": "conv_transpose2d", "inputs": ["x"], "filters": 6, "kernel": 3, "groups": 2}"#,
    #"{"name": "c", "op": "conv_transpose2d", "inputs": ["x"], "filters": 6, "kernel": 3, "bias": false}"#,
  ]

  @Test(arguments: norms, [false, true]) func aNormIsFolded(_ convolution: String, _ inDouble: Bool) throws {
    let nodes =
      convolution + #", {"name": "n", "op": "batch_norm", "inputs": ["c"]}"#
      + #", {"name": "y", "op": "activation", "function": "tanh", "inputs": ["n"]}"#
    let folded = try output(nodes, inDouble: inDouble)
    #expect(folded.applied == ["convolution-batch-norm", "convolution-activation"])
    #expect(folded.operations == 1)
    let apart = try output(nodes, rewrites: .none, inDouble: inDouble)
    #expect(apart.applied.isEmpty && apart.operations == 3)
    #expect(largestDifference([folded.values], [apart.values]) < (inDouble ? 1e-14 : 4e-6))
  }

  @Test func aNormStaysWhereItLearns() throws {
    let nodes = ConvolutionRewriteTests.norms[0] + #", {"name": "y", "op": "batch_norm", "inputs": ["c"]}"#
    #expect(try output(nodes, mode: .training).applied.isEmpty)
    #expect(try output(nodes).applied == ["convolution-batch-norm"])
  }

  @Test func aValueThatOthersReadStays() throws {
    let nodes = ConvolutionRewriteTests.norms[0] + #", {"name": "y", "op": "batch_norm", "inputs": ["c"]}"#
    #expect(try output(nodes, outputs: "\"y\", \"c\"").applied.isEmpty)
    let read = nodes + #", {"name": "z", "op": "add", "inputs": ["c", "y"]}"#
    #expect(try output(read, outputs: "\"z\"").applied.isEmpty)
  }

  @Test func aNormBehindAFunctionStays() throws {
    let nodes =
      #"{"name": "c", "op": "conv2d", "inputs": ["x"], "filters": 6, "kernel": 3, "activation": "relu"}"#
      + #", {"name": "y", "op": "batch_norm", "inputs": ["c"]}"#
    #expect(try output(nodes).applied == ["convolution-activation"])
    #expect(try output(nodes).operations == 2)
  }

  @Test func theFunctionBehindAFunctionStays() throws {
    let nodes =
      #"{"name": "c", "op": "conv1d", "inputs": ["f"], "filters": 6, "kernel": 3, "activation": "sigmoid"}"#
      + #", {"name": "f", "op": "reshape", "inputs": ["x"], "shape": [3, 4, 72]}"#
      + #", {"name": "y", "op": "activation", "function": "tanh", "inputs": ["c"]}"#
    let fused = try output(nodes)
    #expect(fused.applied == ["convolution-activation"])
    let apart = try output(nodes, rewrites: .none)
    #expect(fused.values == apart.values)
  }
}
