import Compiler
import GraphFile
import JSONText
import LayerKit
import Tensors

/// A training run from what it set out with to what it gave: the value behind `run.json`.
public struct TrainingReport: Sendable {
  public var graph: String
  /// The hash of the graph's canonical form, with everything that was set for this run.
  public var graphHash: String
  /// The hash of the rows as the inputs take them.
  public var dataHash: String
  public var parameterCount: Int
  public var rows: [(part: Dataset.Part, count: Int)]
  public var batchRows: Int
  public var steps: Int
  public var stepsPerEpoch: Int
  /// All settings, those that the file leaves to their defaults too.
  public var settings: JSONValue
  /// Nil where the run was only planned.
  public var result: TrainingResult?
  /// Loss and metrics after training, over the parts that watched it or were kept apart.
  public var evaluations: [(part: Dataset.Part, evaluation: Evaluation)] = []
  /// The hash of the file of parameters that was written; nil where none was.
  public var parametersHash: String?

  /// What a trainer is about to do.
  public init(_ trainer: Trainer, registry: Registry) {
    let network = trainer.network
    let dataset = trainer.dataset
    graph = network.document.name.value
    graphHash = CanonicalForm.hash(network.document, attributeOrder: { registry.attributeOrder(of: $0) })
    dataHash = dataset.hash
    parameterCount = network.parameters.reduce(0) { $0 + ($1.isTrainable ? $1.count : 0) }
    rows = [Dataset.Part.training, .validation, .test].map { ($0, dataset.rows($0).count) }
    batchRows = trainer.batchRows
    steps = trainer.totalSteps
    stepsPerEpoch = trainer.stepsPerEpoch
    settings = trainer.settings.json(of: network, data: dataset.settings)
  }

  /// Adds what the run gave: the result, and an evaluation of the validation and the test rows.
  public mutating func finish(_ result: TrainingResult, _ trainer: Trainer) throws {
    self.result = result
    for part in [Dataset.Part.validation, .test] {
      let rows = trainer.dataset.rows(part)
      if !rows.isEmpty { evaluations.append((part, try trainer.evaluate(rows))) }
    }
  }

  /// The document `nngraph.train/1`; equal runs differ in `seconds` alone.
  public var json: JSONValue {
    let history = result.map { [("history", JSONValue.array($0.epochs.map(\.json)))] } ?? []
    return .object(members + history)
  }

  /// The document as `run.json` holds it: with the versions of the program and its modules, without the
  /// history, which stands in a file of its own.
  public func runFile(versions: [(name: String, version: String)]) -> JSONValue {
    .object(members + [("versions", .object(versions.map { ($0.name, .string($0.version)) }))])
  }

  private var members: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [
      ("schema", .string("nngraph.train/1")), ("graph", .string(graph)), ("graph_sha256", .string(graphHash)),
      ("data_sha256", .string(dataHash)),
      ("rows", .object(rows.map { ($0.part.rawValue, .integer($0.count)) })),
      ("parameters", .integer(parameterCount)), ("batch_rows", .integer(batchRows)),
      ("steps_per_epoch", .integer(stepsPerEpoch)), ("planned_steps", .integer(steps)),
    ]
    if let result { members += outcome(result) }
    for (part, evaluation) in evaluations {
      let count: [(String, JSONValue)] = [("rows", .integer(evaluation.rowCount))]
      members.append((part.rawValue, .object(count + evaluation.members)))
    }
    if let parametersHash { members.append(("parameters_sha256", .string(parametersHash))) }
    members.append(("settings", settings))
    if let result { members.append(("seconds", .double(result.seconds))) }
    return members
  }

  private func outcome(_ result: TrainingResult) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [
      ("end", .string(result.end.rawValue)), ("epochs", .integer(result.epochs.count)),
      ("steps", .integer(result.steps)),
    ]
    if let best = result.bestEpoch { members.append(("best_epoch", .integer(best))) }
    if let last = result.epochs.last {
      members.append(("loss", .double(last.loss)))
      members.append(("metrics", .object(last.metrics.map { ($0.name, .double($0.value)) })))
    }
    return members
  }
}

extension Dataset {
  /// The SHA-256 of the rows as the inputs take them: names, types, shapes and elements.
  public var hash: String {
    var hash = SHA256()
    for column in columns {
      let type = column.rows.elementType.rawValue
      hash.update(Array("\(column.input.name) \(type) \(column.rows.shapeText)\n".utf8))
      column.rows.withBytes { hash.update($0) }
    }
    return hexadecimal(hash.finish())
  }
}
