import Compiler
import Diagnostics
import GraphFile
import LayerKit
import Runtime
import StandardModule
import Synchronization
import Tensors

@testable import PluginHost

/// The notes of plugins, in the order in which they came.
final class Notes: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A network whose graph may use the plugin that `Plugins/complete.c` is, with its parameters.
struct PluggedWorld {
  let network: Network
  let store: ParameterStore
  let registry: Registry
  let inDouble: Bool
  let notes = Notes()

  /// A graph with the inputs, nodes and outputs given, as JSON texts; `loss` is what it is trained on.
  init(inputs: String, nodes: String, outputs: String, loss: String? = nil, inDouble: Bool = false) throws {
    let training = loss.map { ", \"training\": {\"loss\": \"\($0)\"}" } ?? ""
    let text = """
      {"format": "nngraph/1", "name": "plugged", "plugins": ["complete"], "inputs": {\(inputs)},
       "nodes": [\(nodes)], "outputs": [\(outputs)]\(training)}
      """
    let notes = notes
    var registry = Registry()
    try registry.register(StandardModule())
    try PluggedWorld.plugin { notes.add($0) }.register(into: &registry)
    let reading = GraphDocument.read(Array(text.utf8), file: "graph.json", folder: ".")
    let (network, faults) = Network.resolve(reading, registry: registry)
    guard let network, faults.isEmpty else { throw Faults(faults) }
    self.registry = registry
    self.network = network
    self.inDouble = inDouble
    store = try ParameterStore(network, inDouble: inDouble)
    store.initialize(seed: 7)
  }

  /// The plugin; each has a library of its own in memory.
  static func plugin(log: @escaping @Sendable (String) -> Void = { _ in }) throws -> LoadedPlugin {
    let made = try CompiledPlugin.make(source: "complete.c")
    return try LoadedPlugin.load(PluginManifest.read(made.manifest), log: log)
  }

  /// A component of the plugin, with the defaults of its schema.
  static func component(_ family: Family, _ name: String, _ given: [String: AttributeValue] = [:]) throws
    -> any Component
  {
    let plugin = try plugin()
    guard let found = plugin.components.first(where: { $0.family == family && $0.schema.name == name }) else {
      throw LayerFault("no \(name)")
    }
    var values = Attributes(given)
    for attribute in found.schema.attributes where !values.has(attribute.name) {
      values[attribute.name] = attribute.standard
    }
    return try found.component(values)
  }

  /// The activation `bent`.
  static func bent() throws -> any Activation {
    guard let made = try component(.activation, "bent") as? any Activation else {
      throw LayerFault("no bent")
    }
    return made
  }

  func session(
    _ sizes: [String: Int], mode: Mode = .training, trains: Bool = false, threads: Int = 2
  ) throws -> Session {
    let request = PlanRequest(
      mode: mode, sizes: sizes, inDouble: inDouble, fetches: network.outputs.map(\.value),
      losses: trains ? network.training?.losses ?? [] : [],
      inputGradients: trains ? network.inputs.map(\.value) : [])
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    return try Session(plan, parameters: store, executor: ThreadPool(threadCount: threads))
  }

  /// The first output after a run over the first input's numbers.
  func output(_ session: Session, _ values: [Float], step: Int = 0) throws -> [Double] {
    let input = network.inputs[0].value
    guard let shape = session.input(input)?.shape else { return [] }
    session.setInput(input, Tensor(shape: shape, values))
    try session.run(seed: 3, step: step)
    return session.output(network.outputs[0].value)?.tensor.doubles ?? []
  }
}

/// Numbers between -1 and 1 that look random and are the same each time.
func scattered(_ count: Int) -> [Float] {
  (0..<count).map { Float(($0 &* 2_654_435_761) % 2001) / 1000 - 1 }
}
