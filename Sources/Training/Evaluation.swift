import Compiler
import Diagnostics
import LayerKit
import Runtime

/// Loss and metrics of a network over rows that it does not train on.
public struct Evaluation: Sendable {
  public var rowCount: Int
  /// The training loss without regularisation; nil where the data does not fill what the loss reads.
  public var loss: Double?
  public var metrics: [NamedNumber]
  /// Rows by true class and given class; nil where the first metric does not compare classes.
  public var confusion: [[Int]]?
}

/// Evaluates a network over parts of a data set; keeps its plans from one call to the next.
final class Evaluator {
  private let runner: BatchRunner
  private let settings: TrainingSettings
  private let batchRows: Int
  /// The losses that are sums over rows: those of the pieces are added, those of the others averaged.
  private let sums: Set<ValueID>

  /// The most rows of one batch: enough to keep the products busy, few enough for the memory.
  static let mostRows = 1024

  init(
    _ network: Network, _ settings: TrainingSettings, _ dataset: Dataset, parameters: ParameterStore,
    rewrites: RewriteSelection, rules: [any Rewrite], memoryLimit: Int, executor: any Executor
  ) {
    self.settings = settings
    let values = settings.losses.map(\.value) + settings.metrics.flatMap { [$0.prediction, $0.target] }
    var fetches: [ValueID] = []
    for value in values where !fetches.contains(value) { fetches.append(value) }
    let request = PlanRequest(
      mode: .inference, sizes: [:], fetches: fetches, rewrites: rewrites, memoryLimit: memoryLimit)
    runner = BatchRunner(
      network, dataset, parameters: parameters, request: request, rewrites: rules, executor: executor)
    let fixed = dataset.columns.compactMap { $0.input.type.shape.first?.number }.first
    batchRows = fixed ?? Evaluator.mostRows
    let summing = network.graph.nodes.filter { ($0.layer as? any SumsOverRows)?.isSumOverRows ?? false }
    sums = Set(summing.flatMap(\.outputs))
  }

  /// Runs the rows through the network in inference mode.
  func evaluate(_ rows: [Int], seed: UInt64) throws -> Evaluation {
    var loss = 0.0
    var meters = settings.metrics.map(MetricMeter.init)
    var confusion = settings.metrics.first.flatMap { ConfusionMatrix($0, runner.network) }
    var start = 0
    while start < rows.count {
      let batch = rows[start..<min(start + batchRows, rows.count)]
      let session = try runner.load(batch)
      try session.run(seed: seed)
      for term in settings.losses {
        let share = sums.contains(term.value) ? 1 : Double(batch.count) / Double(rows.count)
        loss += share * term.weight * session.number(term.value)
      }
      for index in meters.indices { meters[index].add(session, rows: batch.count) }
      confusion?.add(session, rows: batch.count)
      start = batch.endIndex
    }
    return Evaluation(
      rowCount: rows.count, loss: rows.isEmpty ? nil : loss,
      metrics: meters.map(\.result), confusion: confusion?.counts)
  }
}

extension Session {
  /// The first element of a fetched float value.
  func number(_ value: ValueID) -> Double {
    guard let view = output(value) else { return .nan }
    return MetricValues(view)[0]
  }
}

/// A metric with what it has summed so far.
struct MetricMeter {
  let setting: MetricSetting
  private var sums: [Double]

  init(_ setting: MetricSetting) {
    self.setting = setting
    sums = Array(repeating: 0, count: setting.metric.sumCount)
  }

  mutating func reset() {
    for index in sums.indices { sums[index] = 0 }
  }

  /// Adds the rows of a batch that was run.
  mutating func add(_ session: Session, rows: Int) {
    guard let prediction = session.output(setting.prediction),
      let target = session.output(setting.target)
    else { return }
    let metric = setting.metric
    sums.withUnsafeMutableBufferPointer {
      metric.add(
        prediction: MetricValues(prediction), target: MetricValues(target), rows: rows, to: $0)
    }
  }

  var result: NamedNumber {
    NamedNumber(name: setting.kind, value: sums.withUnsafeBufferPointer { setting.metric.value($0) })
  }
}

/// Counts of rows by true and given class.
struct ConfusionMatrix {
  private(set) var counts: [[Int]]
  private let setting: MetricSetting
  private let classes: Int

  /// The most classes of a matrix that somebody could read.
  static let mostClasses = 100

  /// Nil where the metric does not compare an int32 class with probabilities over the last axis.
  init?(_ setting: MetricSetting, _ network: Network) {
    let (prediction, target) = (network.type(setting.prediction), network.type(setting.target))
    guard target.element == .int32, prediction.rank == 2, target.rank == 1,
      let classes = prediction.shape[1].number, (2...ConfusionMatrix.mostClasses).contains(classes)
    else { return nil }
    self.setting = setting
    self.classes = classes
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  mutating func add(_ session: Session, rows: Int) {
    guard let prediction = session.output(setting.prediction).map(MetricValues.init),
      let target = session.output(setting.target).map(MetricValues.init)
    else { return }
    for row in 0..<rows {
      var best = 0
      for column in 1..<classes where prediction[row * classes + column] > prediction[row * classes + best] {
        best = column
      }
      let truth = Int(target[row])
      if (0..<classes).contains(truth) { counts[truth][best] += 1 }
    }
  }
}
