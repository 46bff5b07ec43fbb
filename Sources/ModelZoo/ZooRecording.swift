import Compiler
import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Runtime
import Tensors
import Training

extension ModelZoo {
  /// Where a graph's `metadata` holds the figures that were reached.
  static let figuresKey = "recorded"
  // Room for another order of sums on another processor, far below what a wrong parameter changes.
  static let sampleTolerance = 1e-4
  // A sample is to be read as well as replayed.
  static let sampleElements = 64
  static let mostSampleRows = 4

  /// Trains models anew, each from its own file alone, and writes down what came of it: parameters, figures and
  /// sample. Without names, all models of the folder.
  ///
  /// First values come from the graph's seed, whatever parameters it names; rows from the data beside it. The model
  /// is evaluated on its test rows, else its validation rows, else all. Each model's `NAME.safetensors`,
  /// `NAME.json` and the index are written before the next model is trained, each file at one stroke. One
  /// registry and one processor give the same bytes again.
  ///
  /// `data` is the folder of the data where that does not come with the models.
  ///
  /// Throws a fault of kind `.usage` for a name that is not in the index, and the `Faults` of a model that cannot
  /// be trained or diverges; the models before it are recorded then.
  @discardableResult
  public static func record(
    _ names: [String] = [], in folder: String, data: String? = nil, registry: Registry,
    executor: any Executor,
    _ observer: (_ model: String, TrainingEvent) -> TrainingControl = { _, _ in .proceed }
  ) throws -> [ZooEntry] {
    var index = try ZooIndex.read(folder)
    var recorded: [ZooEntry] = []
    for entry in try index.entries(named: names) {
      let recording = try Recording(
        entry, in: folder, data: data, registry: registry, executor: executor)
      let result = try recording.train { observer(entry.name, $0) }
      if result.end == .interrupted { break }
      let entry = try recording.write(result)
      if let place = index.entries.firstIndex(where: { $0.name == entry.name }) {
        index.entries[place] = entry
      }
      try index.write()
      recorded.append(entry)
    }
    return recorded
  }
}

/// One model that is being recorded.
private struct Recording {
  let entry: ZooEntry
  let folder: String
  /// Where the data lies that does not come with the models.
  let data: String?
  let registry: Registry
  let executor: any Executor
  let network: Network
  let settings: TrainingSettings
  let dataset: Dataset
  let parameters: ParameterStore
  let trainer: Trainer

  init(
    _ entry: ZooEntry, in folder: String, data external: String?, registry: Registry, executor: any Executor
  ) throws {
    self.entry = entry
    self.folder = folder
    self.data = external
    self.registry = registry
    self.executor = executor
    network = try ModelZoo.network(entry, in: folder, registry: registry)
    guard let settings = network.training, let data = settings.data else {
      throw Faults(
        Fault(
          file: network.document.file, place: "training",
          "a model is recorded by training it; its file must say how, and on which data"))
    }
    self.settings = settings
    dataset = try Dataset.load(network, data, file: external, seed: settings.seed)
    parameters = try ParameterStore(network)
    parameters.initialize(seed: settings.seed)
    trainer = try Trainer(
      network, settings, dataset, parameters: parameters,
      options: TrainerOptions(memoryLimit: Machine.availableMemory), rules: registry.rewrites.map(\.item),
      executor: executor)
  }

  func train(_ observer: (TrainingEvent) -> TrainingControl) throws -> TrainingResult {
    do {
      return try trainer.run(observer)
    } catch var fault as Fault {
      fault.file = fault.file ?? network.document.file
      throw fault
    }
  }

  /// Writes the model's files and returns its entry.
  func write(_ result: TrainingResult) throws -> ZooEntry {
    let part = evaluatedPart
    let evaluation = try trainer.evaluate(dataset.rows(part))
    let figures = ZooFigures(
      rows: part, rowCount: evaluation.rowCount, loss: evaluation.loss, metrics: evaluation.metrics,
      seed: settings.seed, epochs: result.epochs.count)
    let sample = try sample(part)
    let graph = try writeGraph(figures)
    var record = ZooRecord(
      parameters: network.parameters.filter { !$0.isState }.reduce(0) { $0 + $1.count }, bytes: 0,
      figures: figures, files: [], sample: sample)
    record.files = [
      try file(.graph, FileAccess.lastName(of: graph)), try file(.parameters, entry.name + ".safetensors"),
    ]
    record.bytes = record.files.reduce(0) { $0 + $1.bytes }
    for path in dataFiles { record.files.append(try file(data == nil ? .data : .externalData, path)) }
    var recorded = entry
    recorded.description = network.document.description?.value ?? ""
    recorded.record = record
    return recorded
  }

  /// Writes the parameters and the graph that names them, with the data's mapping and the figures; returns the
  /// graph's path.
  private func writeGraph(_ figures: ZooFigures) throws -> String {
    let path = try TrainedFolder.save(
      network, parameters, data: dataset.settings, in: folder, name: entry.name, registry: registry)
    let (document, faults) = try GraphDocument.open(path)
    guard let document, faults.isEmpty else { throw Faults(faults) }
    let changed = try document.replacing("metadata", ModelZoo.figuresKey, with: figures.json)
    try FileAccess.writeFile(path, Array(registry.canonicalForm(of: changed).utf8))
    return path
  }

  private var evaluatedPart: Dataset.Part {
    if !dataset.test.isEmpty { return .test }
    return dataset.validation.isEmpty ? .all : .validation
  }

  private var dataFiles: [String] {
    var paths: [String] = []
    for path in [settings.data?.file] + dataset.settings.inputs.map(\.file) {
      if let path, !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  private func file(_ role: ZooFile.Role, _ path: String) throws -> ZooFile {
    let place = role == .externalData ? data ?? folder : folder
    let bytes = try FileAccess.readBelow(path, inFolder: place, limit: Machine.availableMemory)
    return ZooFile(role: role, path: path, bytes: bytes.count, sha256: SHA256.hexadecimal(of: bytes))
  }

  /// The first rows of the part that was evaluated, and what the model makes of them.
  private func sample(_ part: Dataset.Part) throws -> ZooSample {
    let rows = dataset.rows(part)
    let needed = network.inputs(neededFor: network.outputs.map(\.value))
    let columns = dataset.columns.filter { needed.contains($0.input.name) }
    let widest = columns.map { $0.rows.count / max(1, $0.rows.shape[0]) }.max() ?? 1
    let count = min(
      rows.count, max(1, min(ModelZoo.mostSampleRows, ModelZoo.sampleElements / max(1, widest))))
    let inputs = columns.map { column in
      ZooSample.NamedTensor(name: column.input.name, tensor: column.rows.taking(rows: rows.prefix(count)))
    }
    let outputs = try network.replay(
      inputs, parameters: parameters, rules: registry.rewrites.map(\.item), executor: executor)
    return ZooSample(inputs: inputs, outputs: outputs, tolerance: ModelZoo.sampleTolerance)
  }
}

extension Tensor {
  /// Some slices of the first axis, one behind another.
  fileprivate func taking(rows: ArraySlice<Int>) -> Tensor {
    let width = count / max(1, shape.first ?? 1)
    func taken<Element>(_ values: [Element]) -> [Element] {
      rows.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
    }
    let shape = [rows.count] + self.shape.dropFirst()
    return switch elements {
    case .float32(let values): Tensor(shape: shape, taken(values))
    case .float64(let values): Tensor(shape: shape, taken(values))
    case .int32(let values): Tensor(shape: shape, taken(values))
    case .bool(let values): Tensor(shape: shape, taken(values))
    }
  }
}
