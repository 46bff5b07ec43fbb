import Compiler
import Diagnostics
import GraphFile
import Kernels
import LayerKit
import Runtime
import StandardModule
import StateSpace
import Tensors
import Testing

/// A graph of blocks in which `RECOMPUTE` stands where a use may ask for recomputation, and `AGAIN` where an
/// argument does.
struct RecomputedGraph: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var inputs: GraphInputs = .one
  var nodes: [String]
  var outputs = #"["h", "loss"]"#
  var blocks: String

  static let loss = #"{ "name": "loss", "op": "reduce_mean", "inputs": ["h"], "axes": [0, 1] }"#

  func text(recomputes: Bool) -> String {
    let plugins = blocks.contains("drift") ? #"  "plugins": ["drifting"],\#n"# : ""
    return graphText(
      inputs: inputs, nodes: nodes, outputs: outputs,
      more: plugins + "  \"blocks\": {\n\(blocks)\n  },\n  \"training\": { \"loss\": \"loss\" }"
    ).replacing("RECOMPUTE", with: "\"recompute\": \(recomputes)")
      .replacing("AGAIN", with: "\(recomputes)")
  }

  static func body(_ block: String, _ more: String = #""repeat": 4, RECOMPUTE"#) -> String {
    #"{ "name": "h", "op": "\#(block)", "inputs": ["x"], \#(more) }"#
  }

  static let residual = #"""
        "residual": { "inputs": ["v"], "nodes": [
          { "name": "a", "op": "dense", "inputs": ["v"], "units": 5, "activation": "gelu" },
          { "name": "n", "op": "layer_norm", "inputs": ["a"] },
          { "name": "b", "op": "dense", "inputs": ["n"], "units": 4 },
          { "name": "sum", "op": "add", "inputs": ["v", "b"] }], "outputs": ["sum"] }
    """#

  static let all: [RecomputedGraph] = [
    RecomputedGraph(testDescription: "dense blocks", nodes: [body("residual"), loss], blocks: residual),
    RecomputedGraph(
      testDescription: "batch norm, dropout and noise", nodes: [body("noisy"), loss],
      blocks: #"""
            "noisy": { "inputs": ["v"], "nodes": [
              { "name": "a", "op": "dense", "inputs": ["v"], "units": 4 },
              { "name": "n", "op": "batch_norm", "inputs": ["a"] },
              { "name": "r", "op": "activation", "inputs": ["n"], "function": "tanh" },
              { "name": "d", "op": "dropout", "inputs": ["r"], "rate": 0.4 },
              { "name": "g", "op": "gaussian_noise", "inputs": ["d"], "deviation": 0.2 },
              { "name": "m", "op": "random_uniform", "shape": [4] },
              { "name": "p", "op": "multiply", "inputs": ["g", "m"] },
              { "name": "q", "op": "square", "inputs": ["p"] },
              { "name": "s", "op": "add", "inputs": ["q", "v"] }], "outputs": ["s"] }
        """#),
    RecomputedGraph(
      testDescription: "a state that forward reads", nodes: [body("wandering"), loss],
      blocks: #"""
            "wandering": { "inputs": ["v"], "nodes": [
              { "name": "a", "op": "dense", "inputs": ["v"], "units": 4 },
              { "name": "n", "op": "drift", "inputs": ["a"] },
              { "name": "s", "op": "square", "inputs": ["n"] }], "outputs": ["s"] }
        """#),
    RecomputedGraph(
      testDescription: "nested blocks", nodes: [body("outer", #""repeat": 2, RECOMPUTE"#), loss],
      blocks: residual + ",\n" + #"""
            "outer": { "inputs": ["v"], "nodes": [
              { "name": "in", "op": "residual", "inputs": ["v"], "repeat": 2 },
              { "name": "t", "op": "activation", "inputs": ["in"], "function": "silu" }], "outputs": ["t"] }
        """#),
    RecomputedGraph(
      testDescription: "a nested block that asks by an argument",
      nodes: [#"{ "name": "h", "op": "outer", "inputs": ["x"], "deep": 3, "again": AGAIN }"#, loss],
      blocks: residual + ",\n" + #"""
            "outer": { "inputs": ["v"], "arguments": { "deep": 1, "again": true }, "nodes": [
              { "name": "in", "op": "residual", "inputs": ["v"], "repeat": "$deep", "recompute": "$again" }],
              "outputs": ["in"] }
        """#),
    RecomputedGraph(
      testDescription: "shared parameters",
      nodes: [
        #"{ "name": "k", "op": "residual", "inputs": ["x"], "repeat": 2, RECOMPUTE }"#,
        #"{ "name": "h", "op": "residual", "inputs": ["k"], "repeat": 2, "share": "k", RECOMPUTE }"#, loss,
      ], blocks: residual),
    RecomputedGraph(
      testDescription: "two blocks side by side, two outputs, one used twice",
      nodes: [
        #"{ "name": "k", "op": "two", "inputs": ["x", "x"], RECOMPUTE }"#,
        #"{ "name": "l", "op": "two", "inputs": ["x", "k.1"], "repeat": 2, RECOMPUTE }"#,
        #"{ "name": "h", "op": "add", "inputs": ["k", "l", "k.1", "k", "l.1"] }"#, loss,
      ],
      blocks: #"""
            "two": { "inputs": ["v", "w"], "nodes": [
              { "name": "a", "op": "dense", "inputs": ["v"], "units": 4, "activation": "relu" },
              { "name": "b", "op": "multiply", "inputs": ["a", "w"] },
              { "name": "c", "op": "softmax", "inputs": ["b"] },
              { "name": "d", "op": "multiply", "inputs": ["c", "a", "b"] },
              { "name": "e", "op": "split", "inputs": ["d"], "parts": 2 },
              { "name": "f", "op": "concatenate", "inputs": ["e.1", "e.0"] }], "outputs": ["f", "b"] }
        """#),
    RecomputedGraph(
      testDescription: "functions at the border",
      nodes: [
        #"{ "name": "k", "op": "edge", "inputs": ["x"], "repeat": 3, RECOMPUTE }"#,
        #"{ "name": "h", "op": "activation", "inputs": ["k"], "function": "sigmoid" }"#, loss,
      ],
      blocks: #"""
            "edge": { "inputs": ["v"], "nodes": [
              { "name": "r", "op": "activation", "inputs": ["v"], "function": "tanh" },
              { "name": "a", "op": "dense", "inputs": ["r"], "units": 4, "activation": "relu" },
              { "name": "b", "op": "dense", "inputs": ["a"], "units": 4 }], "outputs": ["b"] }
        """#),
    RecomputedGraph(
      testDescription: "a loss inside", inputs: .classes,
      nodes: [
        #"{ "name": "k", "op": "head", "inputs": ["x", "label"], RECOMPUTE }"#,
        #"{ "name": "h", "op": "identity", "inputs": ["k.1"] }"#,
        #"{ "name": "loss", "op": "scale", "inputs": ["k"], "factor": 2 }"#,
      ],
      blocks: #"""
            "head": { "inputs": ["v", "t"], "nodes": [
              { "name": "a", "op": "dense", "inputs": ["v"], "units": 6, "activation": "mish" },
              { "name": "b", "op": "dense", "inputs": ["a"], "units": 3 },
              { "name": "p", "op": "softmax", "inputs": ["b"] },
              { "name": "loss", "op": "loss", "kind": "cross_entropy", "inputs": ["p", "t"] }],
              "outputs": ["loss", "p"] }
        """#),
  ]
}

/// A module of one operator whose result depends on a state that it changes.
private struct DriftModule: Module {
  static let name = "drifting"
  static let version = "1.0.0"
  static let summary = "For tests."

  func register(into registrar: inout Registrar) throws { registrar.layers(Drift.self) }
}

/// y = x^2 (1 + state); then state += sum of x / 8.
private struct Drift: DifferentiableLayer {
  static let examples: [Example] = []
  static let schema = Schema("drift", "For tests.", parameters: ["state [1] (state)"])

  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws {
    inference.state("state", [1], ConstantInitializer(0.5))
    inference.output(try inference.float())
  }

  func workspace(_ signature: Signature) -> Workspace { Workspace(saved: [.scalars(1)]) }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let state = call.parameter(0, as: Scalar.self)
    if call.isDifferentiated { call.saved(0, as: Scalar.self)[0] = 1 + state[0] }
    let factor = 1 + state[0]
    for index in 0..<call.outputs[0].count {
      if call.mode == .training { state[0] += x[index] / 8 }
      y[index] = x[index] * x[index] * factor
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    let factor = call.saved(0, as: Scalar.self)[0]
    for index in 0..<call.outputs[0].count { gx[index] = 2 * x[index] * gy[index] * factor }
  }
}

@Suite struct RecomputationTests {
  private static func registry() throws -> Registry {
    var registry = try Registry.everything()
    try registry.register(DriftModule())
    return registry
  }

  private static func network(_ text: String) throws -> Network {
    let reading = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    let (network, faults) = Network.resolve(reading, registry: try registry())
    #expect(faults.map(\.description) == [])
    return try #require(network)
  }

  private static func plan(
    _ network: Network, rewrites: RewriteSelection = .all, inDouble: Bool = false, fetches: [ValueID]? = nil,
    mode: Mode = .training, recomputes: Bool = true, rows: Int = 3
  ) throws -> Plan {
    try Plan.make(
      network,
      PlanRequest(
        mode: mode, sizes: ["batch": rows], inDouble: inDouble,
        fetches: fetches ?? network.outputs.map(\.value), losses: network.training?.losses ?? [],
        inputGradients: network.inputs.filter { $0.type.element.isFloat }.map(\.value), rewrites: rewrites,
        recomputes: recomputes),
      rewrites: try registry().rewrites.map(\.item))
  }

  /// Everything that three steps leave behind, without the parameters being changed but by their layers.
  private static func run(_ plan: Plan, of network: Network, threads: Int = 1) throws -> [String: [Double]] {
    let store = try ParameterStore(network, inDouble: plan.request.inDouble)
    store.initialize(seed: 5)
    let session = try Session(plan, parameters: store, executor: ThreadPool(threadCount: threads))
    for input in network.inputs {
      guard let type = plan.concreteType(of: input.value) else { continue }
      session.setInput(input.value, Tensor.sample(type))
    }
    var found: [String: [Double]] = [:]
    for step in 0..<3 {
      try session.run(seed: 9, step: step)
      for value in plan.request.fetches {
        found["\(step) value \(value.index)"] = session.output(value)?.tensor.doubles
      }
      for input in network.inputs {
        found["\(step) d \(input.name)"] = session.inputGradient(input.value)?.tensor.doubles
      }
      for id in plan.reached {
        found["\(step) d \(network.parameters[id.index].name)"] = try store.gradientView(id).tensor.doubles
      }
    }
    for (index, parameter) in network.parameters.enumerated() {
      found[parameter.name] = store.view(ParameterID(index)).tensor.doubles
    }
    return found
  }

  @Test(arguments: RecomputedGraph.all, [RewriteSelection.all, .none])
  func theBitsAreThoseOfAPlanThatKeepsAll(_ graph: RecomputedGraph, _ rewrites: RewriteSelection) throws {
    let plain = try Self.network(graph.text(recomputes: false))
    let network = try Self.network(graph.text(recomputes: true))
    for inDouble in [false, true] {
      for mode in [Mode.training, .inference] {
        let before = try Self.plan(plain, rewrites: rewrites, inDouble: inDouble, mode: mode)
        let kept = try Self.plan(
          network, rewrites: rewrites, inDouble: inDouble, mode: mode, recomputes: false)
        let again = try Self.plan(network, rewrites: rewrites, inDouble: inDouble, mode: mode)
        #expect(before.repeatedOperations == 0 && kept.repeatedOperations == 0)
        #expect(kept.arenaByteCount == before.arenaByteCount && kept.steps.count == before.steps.count)
        #expect(again.repeatedOperations > 0 && again.calls.contains { $0.isRepeated })
        #expect(again.operations == before.operations + again.repeatedOperations)
        #expect(again.forwardOperations == before.forwardOperations)
        try expectDisjoint(again)
        let expected = try Self.run(before, of: plain)
        #expect(expected.keys.contains { $0.contains(" d ") })
        #expect(try Self.run(kept, of: network) == expected)
        for threads in 1...3 {
          #expect(try Self.run(again, of: network, threads: threads) == expected)
        }
      }
    }
  }

  @Test func innerValuesMayBeFetched() throws {
    let graph = RecomputedGraph.all[1]
    let network = try Self.network(graph.text(recomputes: true))
    let fetches = try ["h_0/a", "h_1/n", "h_2/d", "h_3/q", "h", "loss"].map { try network.value($0) }
    for rewrites in [RewriteSelection.all, .none] {
      let kept = try Self.plan(network, rewrites: rewrites, fetches: fetches, recomputes: false)
      let again = try Self.plan(network, rewrites: rewrites, fetches: fetches)
      try expectDisjoint(again)
      #expect(try Self.run(again, of: network) == Self.run(kept, of: network))
    }
  }

  @Test(arguments: 0..<25) func randomGraphsKeepTheirBits(_ seed: Int) throws {
    let graph = RandomGraph(seed: seed)
    let network = try Self.network(graph.blockText)
    for rewrites in [RewriteSelection.all, .none] {
      let kept = try Self.plan(network, rewrites: rewrites, recomputes: false)
      let again = try Self.plan(network, rewrites: rewrites)
      try expectDisjoint(again)
      #expect(try Self.run(again, of: network) == Self.run(kept, of: network))
    }
  }

  @Test func onlyWhatBackwardNeedsIsRunAgain() throws {
    let network = try Self.network(RecomputedGraph.all[0].text(recomputes: true))
    let plan = try Self.plan(network, rewrites: .none)
    let again = plan.steps.dropFirst(plan.forwardStepCount).compactMap { step in
      if case .forward(let index) = step { plan.calls[index].node.name } else { nil }
    }
    // The last dense and the sum are read by nobody who could not read them outside; each `a` is an operation
    // and its function.
    #expect(again == (0..<4).reversed().flatMap { ["h_\($0)/a", "h_\($0)/a", "h_\($0)/n"] })
    let run = try Self.plan(network, mode: .inference, recomputes: true)
    #expect(run.forwardStepCount < run.steps.count)
  }

  @Test func memoryOfADeepGraphFalls() throws {
    func bytes(_ depth: Int, recomputes: Bool) throws -> Int {
      let text = graphText(
        inputs: #"{ "x": { "shape": ["batch", 8] } }"#,
        nodes: [
          #"{ "name": "h", "op": "wide", "inputs": ["x"], "repeat": \#(depth), "recompute": \#(recomputes) }"#,
          RecomputedGraph.loss,
        ], outputs: #"["loss"]"#,
        more: #"""
            "blocks": { "wide": { "inputs": ["v"], "nodes": [
              { "name": "a", "op": "dense", "inputs": ["v"], "units": 64, "activation": "tanh" },
              { "name": "b", "op": "dense", "inputs": ["a"], "units": 64, "activation": "tanh" },
              { "name": "c", "op": "dense", "inputs": ["b"], "units": 8 }], "outputs": ["c"] } },
            "training": { "loss": "loss" }
          """#)
      return try Self.plan(try Self.network(text), rows: 128).arenaByteCount
    }
    let (inner, border) = (128 * (64 + 64) * 4, 128 * 8 * 4)
    // Kept, a copy more costs its inner values and its output; recomputed, its output alone.
    let kept = try bytes(16, recomputes: false) - bytes(8, recomputes: false)
    let again = try bytes(16, recomputes: true) - bytes(8, recomputes: true)
    #expect(kept >= 8 * inner)
    #expect(again <= 8 * border + 4096)
    #expect(try bytes(16, recomputes: true) * 4 < bytes(16, recomputes: false))
  }

  @Test func aBlockWithAnArgumentOfThisNameKeepsIt() throws {
    let text = graphText(
      nodes: [#"{ "name": "h", "op": "b", "inputs": ["x"], "recompute": 3 }"#], outputs: #"["h"]"#,
      more: #"""
          "blocks": { "b": { "inputs": ["v"], "arguments": { "recompute": 1 }, "nodes": [
            { "name": "a", "op": "dense", "inputs": ["v"], "units": "$recompute" }], "outputs": ["a"] } }
        """#)
    let network = try soundNetwork(text)
    #expect(try network.text("h") == "float32 [batch, 3]")
  }
}
