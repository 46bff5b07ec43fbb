import Compiler
import Diagnostics
import Glibc
import GraphFile
import JSONText
import LayerKit
import Runtime
import Tensors

/// A training run from a graph to a folder: everything is ready before the first step, and the folder is
/// written after the last.
public struct TrainingJob {
  /// How the run departs from its graph, and what it leaves.
  public struct Options: Sendable {
    /// A file of data in place of the graph's own.
    public var data: String?
    /// Stops after this many steps.
    public var steps: Int?
    public var origin = ParameterOrigin.fresh
    /// Where the trained graph goes; nil keeps nothing.
    public var folder: String?
    /// Whether a folder that is not empty is written to.
    public var force = false
    public var rewrites = RewriteSelection.all
    /// The bytes that a plan, and a file, may take.
    public var memoryLimit = Int.max
    /// What `run.json` says of the program and its modules.
    public var versions: [(name: String, version: String)] = []

    public init() {}
  }

  public let trainer: Trainer
  /// The trainable parameters that no gradient reaches.
  public let unreached: [String]
  public private(set) var report: TrainingReport
  private let options: Options
  private let registry: Registry

  /// Reads data and parameters and makes the plan of a step.
  ///
  /// Throws `Faults` for a graph that does not say how it is trained, data that does not fit, a file of
  /// parameters that does not, memory that is short, and a folder that is not empty.
  public init(_ network: Network, _ options: Options, registry: Registry, executor: any Executor) throws {
    self.options = options
    self.registry = registry
    let settings = try network.settingsForTraining()
    let data = try settings.dataOrFault(of: network)
    if let folder = options.folder { try TrainedFolder.check(folder, force: options.force) }
    let limit = min(options.memoryLimit, Int.max / 2)
    let dataset = try Dataset.load(network, data, file: options.data, seed: settings.seed, fileLimit: limit)
    let parameters = try ParameterStore(network)
    try parameters.fill(from: options.origin, seed: settings.seed, limit: options.memoryLimit)
    trainer = try Trainer(
      network, settings, dataset, parameters: parameters,
      options: TrainerOptions(
        steps: options.steps, rewrites: options.rewrites, memoryLimit: options.memoryLimit),
      rules: registry.rewrites.map(\.item), executor: executor)
    unreached = try trainer.unreached()
    report = TrainingReport(trainer, registry: registry)
  }

  /// Trains, and writes `graph.json`, `graph.safetensors`, `metrics.jsonl` and `run.json` where a folder was
  /// named.
  ///
  /// A run that the observer stops is written as well. One that diverges leaves nothing.
  public mutating func run(_ observer: (TrainingEvent) -> TrainingControl) throws -> TrainingReport {
    // A folder that cannot be made is found before hours of training, not after.
    let isNew = options.folder.map { !FileAccess.fileExists($0) } ?? false
    if let folder = options.folder { try FileAccess.createFolder(folder) }
    let result: TrainingResult
    do {
      result = try trainer.run(observer)
    } catch {
      if isNew, let folder = options.folder { rmdir(folder) }
      throw error
    }
    // What was trained is kept before anything else can fail on it.
    let parameters = trainer.parameters
    report.parametersHash = SHA256.hexadecimal(of: Safetensors.bytes(of: parameters.tensors()))
    if let folder = options.folder {
      try TrainedFolder.save(
        trainer.network, parameters, data: trainer.dataset.settings, in: folder, registry: registry)
      try TrainedFolder.write(result.epochs, in: folder)
    }
    try report.finish(result, trainer)
    if let folder = options.folder {
      let text = JSONWriter.canonical(report.runFile(versions: options.versions))
      try FileAccess.writeFile(FileAccess.join(folder, "run.json"), text)
    }
    return report
  }
}
