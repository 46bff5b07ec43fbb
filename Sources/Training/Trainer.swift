import Compiler
import Diagnostics
import Glibc
import LayerKit
import Runtime
import Tensors

/// How a training run departs from its file.
public struct TrainerOptions: Sendable {
  public var epochs: Int?
  /// Stops after this many steps, also within an epoch.
  public var steps: Int?
  public var batchSize: BatchSize?
  public var seed: UInt64?
  public var shuffle: Bool?
  public var rewrites: RewriteSelection
  public var memoryLimit: Int

  public init(
    epochs: Int? = nil, steps: Int? = nil, batchSize: BatchSize? = nil, seed: UInt64? = nil,
    shuffle: Bool? = nil, rewrites: RewriteSelection = .all, memoryLimit: Int = .max
  ) {
    self.epochs = epochs
    self.steps = steps
    self.batchSize = batchSize
    self.seed = seed
    self.shuffle = shuffle
    self.rewrites = rewrites
    self.memoryLimit = memoryLimit
  }

  /// The file's settings with these in their place.
  public func applied(to settings: TrainingSettings) -> TrainingSettings {
    var result = settings
    if let epochs { result.epochs = epochs }
    if let batchSize { result.batchSize = batchSize }
    if let seed { result.seed = seed }
    if let shuffle { result.shuffle = shuffle }
    return result
  }
}

/// Trains a network on a data set, step by step, in an order that the seed fixes.
public final class Trainer {
  public let network: Network
  public let settings: TrainingSettings
  public let dataset: Dataset
  public let parameters: ParameterStore
  public let batchRows: Int
  public let stepsPerEpoch: Int
  /// The steps that are planned; early stopping may end before.
  public let totalSteps: Int

  private let runner: BatchRunner
  private let evaluator: Evaluator
  private let pass: OptimizerPass
  private var meters: [MetricMeter]
  private var step = 0
  private let stepLimit: Int?

  /// `parameters` holds the first values. `settings` are already those of this run.
  ///
  /// Throws `Faults` where the data does not fill what the loss reads, or memory is short.
  public init(
    _ network: Network, _ settings: TrainingSettings, _ dataset: Dataset, parameters: ParameterStore,
    options: TrainerOptions = TrainerOptions(), rules: [any Rewrite], executor: any Executor
  ) throws {
    self.network = network
    self.settings = settings
    self.dataset = dataset
    self.parameters = parameters
    if let stopping = settings.earlyStopping, stopping.monitor != "loss", dataset.validation.isEmpty {
      throw Faults(
        Fault(
          place: "training, early_stopping",
          "watches \(stopping.monitor), but \"training.data.validation\" leaves no rows to compute it from"))
    }
    let rows = dataset.training.count
    switch settings.batchSize {
    case .all: batchRows = rows
    case .rows(let wanted): batchRows = min(wanted, rows)
    }
    stepsPerEpoch = (rows + batchRows - 1) / batchRows
    let planned = saturatingProduct(stepsPerEpoch, settings.epochs)
    totalSteps = min(planned, options.steps ?? planned)
    stepLimit = options.steps
    var fetches: [ValueID] = []
    for setting in settings.metrics {
      for value in [setting.prediction, setting.target] where !fetches.contains(value) {
        fetches.append(value)
      }
    }
    let request = PlanRequest(
      mode: .training, sizes: [:], fetches: fetches, losses: settings.losses, rewrites: options.rewrites,
      memoryLimit: options.memoryLimit)
    runner = BatchRunner(
      network, dataset, parameters: parameters, request: request, rewrites: rules, executor: executor)
    evaluator = Evaluator(
      network, settings, dataset, parameters: parameters, rewrites: options.rewrites, rules: rules,
      memoryLimit: options.memoryLimit, executor: executor)
    pass = try OptimizerPass(
      network, settings, parameters: parameters,
      inOnePass: options.rewrites.includes(OptimizerPass.rewriteName), executor: executor)
    meters = settings.metrics.map(MetricMeter.init)
    _ = try runner.session(rows: batchRows)
  }

  /// The trainable parameters that no gradient reaches: they keep their first values.
  public func unreached() throws -> [String] {
    let reached = try runner.session(rows: batchRows).plan.reached
    return network.parameters.indices.filter {
      network.parameters[$0].isTrainable && !reached.contains(ParameterID($0))
    }.map { network.parameters[$0].name }
  }

  /// Trains to the end, or until the observer stops it.
  ///
  /// Throws a fault of kind `.diverged` that names the first node and step that is not finite, and one of kind
  /// `.input` for data that an operator cannot use.
  public func run(_ observer: (TrainingEvent) -> TrainingControl = { _ in .proceed }) throws -> TrainingResult
  {
    let start = Clock.nanoseconds
    var result = TrainingResult(epochs: [], steps: 0, end: .finished, bestEpoch: nil, seconds: 0)
    var watch = settings.earlyStopping.map { BestEpoch($0, settings) }
    for epoch in 1...settings.epochs {
      guard result.end == .finished, step < totalSteps else { break }
      guard var report = try runEpoch(epoch, start, observer) else {
        result.end = .interrupted
        break
      }
      try addValidation(to: &report)
      result.epochs.append(report)
      if observer(.epoch(report)) == .stop { result.end = .interrupted }
      if watch?.shouldStop(after: report, parameters) ?? false { result.end = .stoppedEarly }
    }
    if let watch, watch.restores { result.bestEpoch = watch.restore(parameters) }
    if let name = firstNotFiniteParameter() {
      throw diverged("parameter \"\(name)\"", "is not finite after step \(step)")
    }
    result.steps = step
    result.seconds = Double(Clock.nanoseconds - start) / 1e9
    return result
  }

  /// One pass over the training rows; nil where the observer stopped it.
  private func runEpoch(
    _ epoch: Int, _ start: UInt64, _ observer: (TrainingEvent) -> TrainingControl
  ) throws -> EpochReport? {
    let order = dataset.order(epoch: epoch, seed: settings.seed, shuffle: settings.shuffle)
    let began = Clock.nanoseconds
    var lossSum = 0.0
    var rowSum = 0
    var rate = 0.0
    for index in meters.indices { meters[index].reset() }
    var first = 0
    while first < order.count, step < totalSteps {
      let batch = order[first..<min(first + batchRows, order.count)]
      rate = rateFactor(step)
      let loss = try takeStep(batch, rateFactor: rate)
      lossSum += loss * Double(batch.count)
      rowSum += batch.count
      first = batch.endIndex
      let now = Clock.nanoseconds
      let left = Double(now - start) / Double(step) * Double(totalSteps - step) / 1e9
      let report = StepReport(
        epoch: epoch, epochs: settings.epochs, step: step, steps: totalSteps, loss: loss,
        rowsPerSecond: Double(rowSum) / max(1e-9, Double(now - began) / 1e9), secondsLeft: left)
      if observer(.step(report)) == .stop { return nil }
    }
    let now = Clock.nanoseconds
    return EpochReport(
      epoch: epoch, step: step, loss: lossSum / Double(max(1, rowSum)), metrics: meters.map(\.result),
      validationLoss: nil, validationMetrics: [], rate: rate * settings.optimizer.learningRate,
      rowsPerSecond: Double(rowSum) / max(1e-9, Double(now - began) / 1e9),
      seconds: Double(now - start) / 1e9)
  }

  private func takeStep(_ batch: ArraySlice<Int>, rateFactor: Double) throws -> Double {
    let session = try runner.load(batch)
    try session.run(seed: settings.seed, step: step)
    let own = settings.losses.reduce(0) { $0 + $1.weight * session.number($1.value) }
    let loss = own + pass.regularizationLoss()
    step += 1
    guard loss.isFinite else { throw try divergence(session, loss) }
    for index in meters.indices { meters[index].add(session, rows: batch.count) }
    pass.step(rateFactor: rateFactor)
    return loss
  }

  /// The schedule's factor for a step counted from 0, the warm-up before it.
  private func rateFactor(_ step: Int) -> Double {
    guard let schedule = settings.schedule else { return 1 }
    if step < schedule.warmup { return Double(step + 1) / Double(schedule.warmup) }
    return schedule.factor(
      step: step - schedule.warmup, steps: max(1, totalSteps - schedule.warmup), stepsPerEpoch: stepsPerEpoch,
      rate: settings.optimizer.learningRate)
  }

  private func addValidation(to report: inout EpochReport) throws {
    guard !dataset.validation.isEmpty else { return }
    let evaluation = try evaluator.evaluate(dataset.validation, seed: settings.seed)
    report.validationLoss = evaluation.loss.map { $0 + pass.regularizationLoss() }
    report.validationMetrics = evaluation.metrics
  }

  /// Loss and metrics over some rows with the present parameters.
  public func evaluate(_ rows: [Int]) throws -> Evaluation {
    try evaluator.evaluate(rows, seed: settings.seed)
  }

  // MARK: Divergence

  private func divergence(_ session: Session, _ loss: Double) throws -> Fault {
    if let name = firstNotFiniteParameter() {
      return diverged("parameter \"\(name)\"", "is not finite at step \(step), and so the loss is \(loss)")
    }
    let node = try session.firstNotFinite()
    return diverged(
      node.map { "node \"\($0)\"" } ?? "regularization",
      "is the first that is not finite at step \(step); the loss is \(loss)")
  }

  private func diverged(_ place: String, _ message: String) -> Fault {
    Fault(.diverged, place: place, message + "; a smaller learning_rate or gradient_clip may help")
  }

  private func firstNotFiniteParameter() -> String? {
    network.parameters.indices.first { !parameters.view(ParameterID($0)).isFinite }
      .map { network.parameters[$0].name }
  }
}

/// Watches one number over the epochs and keeps the parameters of the best.
private struct BestEpoch {
  private let setting: EarlyStopping
  private let isLargerBetter: Bool
  private var best: Double?
  private var bestEpoch = 0
  private var waited = 0
  private var values: [UInt8] = []

  init(_ setting: EarlyStopping, _ settings: TrainingSettings) {
    self.setting = setting
    let metric = settings.metrics.first { "validation_" + $0.kind == setting.monitor }
    isLargerBetter = metric?.metric.isLargerBetter ?? false
  }

  var restores: Bool { setting.restoreBest && best != nil }

  mutating func shouldStop(after report: EpochReport, _ parameters: ParameterStore) -> Bool {
    guard let found = report.monitored(setting.monitor) else { return false }
    let gain = best.map { isLargerBetter ? found - $0 : $0 - found } ?? .infinity
    if gain > setting.minimumDelta {
      best = found
      bestEpoch = report.epoch
      waited = 0
      if setting.restoreBest {
        values = Array(
          UnsafeRawBufferPointer(start: parameters.values.base, count: parameters.values.byteCount))
      }
      return false
    }
    waited += 1
    return waited >= setting.patience
  }

  /// Puts the best values back and returns their epoch.
  func restore(_ parameters: ParameterStore) -> Int {
    values.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { memcpy(parameters.values.base, base, bytes.count) }
    }
    parameters.markChanged()
    return bestEpoch
  }
}
