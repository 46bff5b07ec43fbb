import Compiler
import Diagnostics
import JSONText
import LayerKit
import Runtime
import Tensors

/// Loss and metrics of a network over some rows of its data, and which rows they were.
public struct EvaluationReport: Sendable {
  public var graph: String
  /// Which rows were taken.
  public var part: Dataset.Part
  public var evaluation: Evaluation
  /// What the classes of the confusion matrix are called; nil where they have no words.
  public var classes: [String]?

  /// `{"schema": "nngraph.evaluate/1", "rows": {"kind", "count"}, "loss", "metrics": {...}}`, and `confusion`
  /// where the first metric compares classes: rows by true class, then by given class.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("schema", .string("nngraph.evaluate/1")), ("graph", .string(graph)),
      (
        "rows",
        .object([("kind", .string(part.rawValue)), ("count", .integer(evaluation.rowCount))])
      ),
    ]
    members += evaluation.members
    if let counts = evaluation.confusion {
      var matrix: [(String, JSONValue)] = []
      if let classes { matrix.append(("classes", .array(classes.map(JSONValue.string)))) }
      matrix.append(("counts", .array(counts.map { .array($0.map(JSONValue.integer)) })))
      members.append(("confusion", .object(matrix)))
    }
    return .object(members)
  }
}

extension Evaluation {
  /// The members `loss` and `metrics` of a JSON object.
  var members: [(String, JSONValue)] {
    [
      ("loss", loss.map { .double($0) } ?? .null),
      ("metrics", .object(metrics.map { ($0.name, .double($0.value)) })),
    ]
  }
}

/// Which rows are evaluated, and how.
public struct NetworkEvaluation: Sendable {
  /// A file in place of the graph's own, or the folder where those that the graph names stand.
  public var data: String?
  /// Without it: all rows of a file of data, else the graph's test rows, else its validation rows, else all.
  public var part: Dataset.Part?
  /// What the parts and random numbers are drawn from; without it, the graph's seed.
  public var seed: UInt64?
  public var rewrites = RewriteSelection.all
  /// The bytes that a plan, and a file of data, may take.
  public var memoryLimit = Int.max

  public init() {}

  /// Runs the rows through the network in inference mode.
  ///
  /// Throws `Faults` where the graph does not say how it is trained or what fills its inputs, where the data
  /// does not fill what loss and metrics read, and where the part that was asked for has no rows.
  public func callAsFunction(
    _ network: Network, parameters: ParameterStore, rules: [any Rewrite], executor: any Executor
  ) throws -> EvaluationReport {
    let settings = try network.settingsForTraining()
    let seed = seed ?? settings.seed
    let dataset = try dataset(network, settings, seed: seed)
    let part = part ?? standardPart(of: dataset)
    let rows = dataset.rows(part)
    guard !rows.isEmpty else {
      let share = part == .training ? "" : "; \"training.data.\(part.rawValue)\" is their share"
      throw Faults(
        Fault(
          file: data ?? network.document.file, place: "rows",
          "no \(part.rawValue) rows among \(dataset.rowCount)\(share)"))
    }
    let evaluator = Evaluator(
      network, settings, dataset, parameters: parameters, rewrites: rewrites, rules: rules,
      memoryLimit: memoryLimit, executor: executor)
    return EvaluationReport(
      graph: network.document.name.value, part: part, evaluation: try evaluator.evaluate(rows, seed: seed),
      classes: settings.metrics.first.flatMap { metric in
        let target = network.inputs.first { $0.value == metric.target }?.name
        return dataset.settings.inputs.first { $0.name == target }?.classes
      })
  }

  private var isAnotherTable: Bool { data.map { !FileAccess.isFolder($0) } ?? false }

  private func standardPart(of dataset: Dataset) -> Dataset.Part {
    if isAnotherTable { return .all }
    return !dataset.test.isEmpty ? .test : !dataset.validation.isEmpty ? .validation : .all
  }

  /// A table of its own goes through the mapping as it stands; parts must be drawn, and what is still to be
  /// computed needs the training rows.
  private func dataset(_ network: Network, _ settings: TrainingSettings, seed: UInt64) throws -> Dataset {
    let mapping = try settings.dataOrFault(of: network)
    let isWhole = isAnotherTable && (part ?? .all) == .all && !mapping.inputs.contains(where: \.standardize)
    let limit = min(memoryLimit, Int.max / 2)
    guard isWhole else {
      return try Dataset.load(network, mapping, file: data, seed: seed, fileLimit: limit)
    }
    let read = settings.losses.map(\.value) + settings.metrics.flatMap { [$0.prediction, $0.target] }
    return try Dataset.read(
      network, mapping, file: data, inputs: network.inputs(neededFor: read), fileLimit: limit)
  }
}

extension TrainingSettings {
  /// What fills the inputs. Throws `Faults` where the graph does not say it.
  public func dataOrFault(of network: Network) throws -> DataSettings {
    if let data { return data }
    throw Faults(
      Fault(
        file: network.document.file, place: "training, data",
        "missing; it says which columns fill which input"))
  }
}
