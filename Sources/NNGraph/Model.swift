import Compiler
import Diagnostics
import GraphFile
import LayerKit
import ModelZoo
import Runtime
import Synchronization
import Tensors
import Training

/// A network with its parameters: load it, ask it, train it, save it.
///
/// The whole path of a graph file is `Model.load`: text to document to network; `predict` and `train` take it
/// on, from network to plan to session. Several threads may ask for predictions at once, each in memory of its own;
/// training waits until none runs, and they wait for it.
public final class Model: Sendable {
  public let network: Network
  public let parameters: ParameterStore
  public let options: ModelOptions
  private let registry: Registry
  private let pool: ThreadPool
  /// The sessions that nobody uses at the moment, by the sizes of the inputs.
  private let idle = Mutex<[[String: Int]: [Session]]>([:])
  private let parameterAccess = SharedAccess()
  /// How the data of the last training filled the inputs; a saved graph reads tables in the same way.
  private let mapping = Mutex<DataSettings?>(nil)

  /// Loads a graph file, or `zoo:NAME`, with the parameters that it names.
  ///
  /// A graph without parameters gets fresh ones, drawn from its seed. Throws `Faults`: everything that is wrong
  /// with the file, its parameters or its plugins at once.
  public static func load(
    _ path: String, registry: Registry? = nil, options: ModelOptions = ModelOptions()
  ) throws -> Model {
    let registry = try registry ?? LinkedModules.registry()
    let file = try ModelZoo.locate(path)
    let reading = try GraphDocument.open(file, limits: options.limits)
    let (network, faults) = Network.resolve(
      reading, registry: registry, limits: options.limits, bindings: options.sizes)
    guard let network else { throw Faults(faults) }
    return try Model(network, registry: registry, options: options)
  }

  /// A model of a network that was checked.
  public init(_ network: Network, registry: Registry, options: ModelOptions = ModelOptions()) throws {
    self.network = network
    self.registry = registry
    self.options = options
    pool = ThreadPool(threadCount: options.threads)
    parameters = try ParameterStore(network)
    if let stored = try network.storedParameters(limit: options.limits.memoryBytes ?? Machine.availableMemory)
    {
      try parameters.load(stored, file: network.document.file)
    } else {
      parameters.initialize(seed: options.seed ?? network.training?.seed ?? 0)
    }
  }

  /// The outputs of the network, by their public names, for inputs by name.
  ///
  /// Throws `Faults` for inputs that are missing, unknown, or of another type or shape.
  public func predict(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
    let needed = network.inputs(neededFor: network.outputs.map(\.value))
    let sizes = try network.sizes(for: inputs, needed: needed)
    return try parameterAccess.shared {
      let session = try idle.withLock { $0[sizes]?.popLast() } ?? makeSession(sizes)
      defer { idle.withLock { $0[sizes, default: []].append(session) } }
      for input in network.inputs {
        if let tensor = inputs[input.name] { session.setInput(input.value, tensor) }
      }
      try session.run(seed: options.seed ?? network.training?.seed ?? 0)
      var outputs: [String: Tensor] = [:]
      for output in network.outputs { outputs[output.name] = session.output(output.value)?.tensor }
      return outputs
    }
  }

  private func makeSession(_ sizes: [String: Int]) throws -> Session {
    let request = PlanRequest(
      mode: .inference, sizes: sizes, fetches: network.outputs.map(\.value), rewrites: options.rewrites,
      memoryLimit: options.limits.memoryBytes ?? Machine.availableMemory)
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    return try Session(plan, parameters: parameters, executor: pool)
  }

  /// Trains as the file says, from the present parameters, and tells the observer of every step and epoch.
  ///
  /// `data` is a file that takes the place of the graph's own. Throws `Faults` for a graph that does not say how
  /// it is trained, for data that does not fit, and where training diverges. The observer must not ask for
  /// predictions of the same model, which wait until training is done.
  @discardableResult
  public func train(
    data: String? = nil, options: TrainerOptions = TrainerOptions(),
    _ observer: (TrainingEvent) -> TrainingControl = { _ in .proceed }
  ) throws -> TrainingResult {
    let settings = options.applied(to: try network.settingsForTraining())
    let dataset = try Dataset.load(network, try dataSettings(settings), file: data, seed: settings.seed)
    let trainer = try Trainer(
      network, settings, dataset, parameters: parameters, options: options,
      rules: registry.rewrites.map(\.item), executor: pool)
    mapping.withLock { $0 = dataset.settings }
    return try parameterAccess.alone { try trainer.run(observer) }
  }

  /// Writes `graph.json` and `graph.safetensors` into a folder, and makes the folder where there is none.
  public func save(to folder: String) throws {
    try FileAccess.createFolder(folder)
    try TrainedFolder.save(network, parameters, data: mapping.withLock { $0 }, in: folder, registry: registry)
  }

  private func dataSettings(_ settings: TrainingSettings) throws -> DataSettings {
    if let found = settings.data { return found }
    throw Faults(
      Fault(file: network.document.file, place: "training, data", "missing; it says what fills the inputs"))
  }
}

/// How a model is loaded and run.
public struct ModelOptions: Sendable {
  /// Without it, as many as the process may use.
  public var threads: Int?
  /// Sizes for symbols of the graph.
  public var sizes: [String: Int] = [:]
  /// What random numbers are drawn from; without it, the graph's seed.
  public var seed: UInt64?
  public var rewrites = RewriteSelection.all
  public var limits = GraphLimits()

  public init() {}
}
