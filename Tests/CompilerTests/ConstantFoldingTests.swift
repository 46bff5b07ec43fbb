import Compiler
import LayerKit
import Runtime
import Tensors
import Testing

@Suite struct ConstantFoldingTests {
  private static let nodes = [
    #"{ "name": "c", "op": "constant", "shape": [4], "value": [1, 2, 3, 4] }"#,
    #"{ "name": "e", "op": "exp", "inputs": ["c"] }"#,
    #"{ "name": "k", "op": "range", "inputs": ["h"], "axis": 1 }"#,
    #"{ "name": "f", "op": "cast", "inputs": ["k"], "type": "float32" }"#,
    #"{ "name": "s", "op": "multiply", "inputs": ["e", "f"] }"#,
    #"{ "name": "t", "op": "activation", "inputs": ["s"], "function": "tanh" }"#,
    #"{ "name": "d", "op": "dropout", "inputs": ["s"], "rate": 0.5 }"#,
    #"{ "name": "r", "op": "random_normal", "shape": [4] }"#,
    #"{ "name": "q", "op": "square", "inputs": ["r"] }"#,
    #"{ "name": "w", "op": "parameter", "shape": [4], "init": "ones" }"#,
    #"{ "name": "v", "op": "square", "inputs": ["w"] }"#,
    #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4 }"#,
    #"{ "name": "y", "op": "add", "inputs": ["h", "s", "t", "d", "q", "v"] }"#,
    #"{ "name": "loss", "op": "reduce_mean", "inputs": ["y"], "axes": [0, 1] }"#,
  ]
  private static let text = graphText(
    nodes: nodes, outputs: #"["y", "t", "loss"]"#, more: #"  "training": { "loss": "loss" }"#)

  private func constants(_ plan: Plan) -> [String] {
    plan.steps.prefix(plan.constantStepCount).compactMap { step in
      if case .forward(let index) = step { plan.calls[index].node.name } else { nil }
    }
  }

  @Test func whatDependsOnConstantsAloneComesFirst() throws {
    let network = try soundNetwork(Self.text)
    for trains in [false, true] {
      let plan = try network.plan(trains: trains)
      #expect(Set(constants(plan)) == ["c", "e", "k", "f", "s", "t"])
      #expect(plan.appliedRewrites.contains("constant-folding"))
      try expectDisjoint(plan)
      let plain = try network.plan(trains: trains, rewrites: .without(["constant-folding"]))
      #expect(plain.constantStepCount == 0 && plain.steps.count == plan.steps.count)
      #expect(plain.forwardOperations > plan.forwardOperations)
    }
  }

  @Test func everyRunGivesTheSameNumbers() throws {
    let network = try soundNetwork(Self.text)
    let store = try ParameterStore(network)
    store.initialize(seed: 3)
    func values(_ rewrites: RewriteSelection) throws -> [[Double]] {
      let plan = try network.plan(trains: true, rewrites: rewrites)
      let session = try Session(plan, parameters: store, executor: ThreadPool(threadCount: 1))
      session.setInput(network.inputs[0].value, Tensor.sample(ConcreteType(.float32, [3, 4])))
      var found: [[Double]] = []
      for step in 0..<3 {
        try session.run(seed: 1, step: step)
        found += network.outputs.map { session.output($0.value)?.tensor.doubles ?? [] }
        for id in plan.reached.sorted(by: { $0.index < $1.index }) {
          found.append(try store.gradientView(id).tensor.doubles)
        }
        try session.runForward(seed: 1, step: step + 5)
        found += network.outputs.map { session.output($0.value)?.tensor.doubles ?? [] }
        #expect(try session.firstNotFinite() == nil)
        #expect(try session.profile().count == plan.steps.count - plan.constantStepCount)
      }
      return found
    }
    #expect(try values(.all) == values(.without(["constant-folding"])))
  }

  @Test func largeConstantsAreMadeAtEveryRun() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [
          #"{ "name": "small", "op": "constant", "shape": [4], "value": 2 }"#,
          #"{ "name": "large", "op": "constant", "shape": [1000, 1000], "value": 1 }"#,
          #"{ "name": "sum", "op": "reduce_sum", "inputs": ["large"], "axes": [0, 1] }"#,
          #"{ "name": "h", "op": "multiply", "inputs": ["x", "small", "sum"] }"#,
        ], outputs: #"["h"]"#))
    let plan = try network.plan()
    #expect(constants(plan) == ["small"])
    try expectDisjoint(plan)
    #expect(try network.run(plan)["h"] == network.run(network.plan(rewrites: .none))["h"])
  }

  @Test func aConstantThatCannotBeComputedIsNamedWhenTheSessionOpens() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [
          #"{ "name": "i", "op": "constant", "shape": [2], "value": [0, 7], "type": "int32" }"#,
          #"{ "name": "c", "op": "constant", "shape": [3], "value": [1, 2, 3] }"#,
          #"{ "name": "h", "op": "gather", "inputs": ["c", "i"] }"#,
        ], outputs: #"["h"]"#))
    let store = try ParameterStore(network)
    let plan = try network.plan()
    let fault = #expect(throws: (any Error).self) {
      try Session(plan, parameters: store, executor: ThreadPool(threadCount: 1))
    }
    #expect("\(fault.map { "\($0)" } ?? "")".contains("\"h\""))
  }
}
