import Compiler
import Diagnostics
import GraphFile
import LayerKit
import Runtime
import StandardModule
import Tensors
import Testing

@Suite struct SessionTests {
  @Test func aTiedParameterGetsBothGradients() throws {
    let world = try World(
      """
      {"format": "nngraph/1", "name": "tied", "inputs": {"x": {"shape": ["batch", 2]}},
       "nodes": [
        {"name": "a", "op": "dense", "inputs": ["x"], "units": 2, "bias": false},
        {"name": "b", "op": "dense", "inputs": ["a"], "units": 2, "bias": false, "share": "a"},
        {"name": "total", "op": "reduce_sum", "inputs": ["b"], "axes": [0, 1]}],
       "outputs": ["total"], "training": {"loss": "total"}}
      """)
    world.store.set(ParameterID(0), Tensor(shape: [2, 2], [1, 2, 3, 4] as [Float]))
    let session = try world.session(rows: 1, trains: true)
    session.setInput(world.network.inputs[0].value, Tensor(shape: [1, 2], [1, 1] as [Float]))
    try session.run()
    // a = (3, 7), b = (17, 37); d total / dW = 1 a^T + (W^T 1) x^T.
    #expect(session.output(world.network.outputs[0].value)?.tensor.doubles == [54])
    let gradient = try world.store.gradientView(ParameterID(0)).tensor.doubles
    #expect(gradient == [7, 11, 9, 13] as [Double])
  }

  @Test func aRunAgainGivesTheSameBitsAndGradientsAreNotAddedUp() throws {
    let world = try World(
      """
      {"format": "nngraph/1", "name": "fan", "inputs": {"x": {"shape": ["batch", 3]}},
       "nodes": [
        {"name": "h", "op": "dense", "inputs": ["x"], "units": 4, "activation": "tanh"},
        {"name": "s", "op": "square", "inputs": ["h"]}, {"name": "m", "op": "multiply", "inputs": ["h", "s"]},
        {"name": "loss", "op": "reduce_mean", "inputs": ["m"], "axes": [0, 1]}],
       "outputs": ["loss", "h"], "training": {"loss": "loss"}}
      """)
    world.store.initialize(seed: 1)
    let session = try world.session(rows: 2, trains: true)
    session.setInput(
      world.network.inputs[0].value, Tensor(shape: [2, 3], [0.1, 0.2, 0.3, -0.4, 0.5, -0.6] as [Float]))
    try session.run()
    let first = try world.store.gradientView(ParameterID(0)).tensor
    try session.run()
    #expect(try world.store.gradientView(ParameterID(0)).tensor == first)
    #expect(first.doubles.contains { $0 != 0 })
  }

  @Test func anIndexOutOfRangeStopsTheRunAndNamesIt() throws {
    let world = try World(
      """
      {"format": "nngraph/1", "name": "words", "inputs": {"word": {"shape": ["batch"], "type": "int32"}},
       "nodes": [{"name": "vector", "op": "embedding", "inputs": ["word"], "vocabulary": 5, "dimension": 2}],
       "outputs": ["vector"]}
      """)
    let session = try world.session(rows: 3, trains: false)
    session.setInput(world.network.inputs[0].value, Tensor(shape: [3], [0, 4, 5] as [Int32]))
    let fault = #expect(throws: Faults.self) { try session.run() }
    let text = fault.map { "\($0)" } ?? ""
    #expect(text.contains("\"vector\"") && text.contains("5") && text.contains("2"), "\(text)")
  }

  @Test func theFirstNodeThatIsNotFiniteIsNamed() throws {
    let world = try World(
      """
      {"format": "nngraph/1", "name": "infinite", "inputs": {"x": {"shape": ["batch"]}},
       "nodes": [{"name": "a", "op": "exp", "inputs": ["x"]}, {"name": "b", "op": "log", "inputs": ["x"]},
        {"name": "c", "op": "add", "inputs": ["a", "b"]}],
       "outputs": ["c"]}
      """)
    let session = try world.session(rows: 1, trains: false)
    session.setInput(world.network.inputs[0].value, Tensor(shape: [1], [0] as [Float]))
    try session.run()
    #expect(try session.firstNotFinite() == "b")
  }

  @Test func memoryOverTheLimitIsRefusedBeforeItIsTaken() throws {
    let world = try World(
      """
      {"format": "nngraph/1", "name": "wide", "inputs": {"x": {"shape": ["batch", 1000]}},
       "nodes": [{"name": "y", "op": "exp", "inputs": ["x"]}], "outputs": ["y"]}
      """)
    let fault = #expect(throws: Faults.self) { try world.session(rows: 1000, trains: false, limit: 1000) }
    #expect(fault?.all.first?.kind == .limit)
  }
}

/// A network with its parameters, from the text of a graph.
struct World {
  let network: Network
  let store: ParameterStore
  let registry: Registry
  let pool = ThreadPool(threadCount: 2)

  init(_ text: String) throws {
    var registry = Registry()
    try registry.register(StandardModule())
    self.registry = registry
    let reading = GraphDocument.read(Array(text.utf8), file: "graph.json", folder: ".")
    let (network, faults) = Network.resolve(reading, registry: registry)
    guard let network else { throw Faults(faults) }
    self.network = network
    store = try ParameterStore(network)
  }

  func session(rows: Int, trains: Bool, limit: Int = .max) throws -> Session {
    let request = PlanRequest(
      mode: .inference, sizes: ["batch": rows], fetches: network.outputs.map(\.value),
      losses: trains ? network.training?.losses ?? [] : [], memoryLimit: limit)
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    return try Session(plan, parameters: store, executor: pool)
  }
}
