import Diagnostics
import Inspection
import Runtime
import Training

/// Shows a training run on standard error while it goes on: a bar on a terminal, else a line an epoch.
struct TrainingDisplay {
  private let context: CommandContext
  private let title: String
  private let width: Int
  private var epochs = 0
  private var lastShown: UInt64 = 0
  private var lastEpoch: EpochReport?
  private var isLastEpochShown = true
  private var isBarShown = false

  /// A bar is drawn, and lines of a run with many epochs are printed, at most ten times a second.
  private static let interval: UInt64 = 100_000_000
  /// As many epochs all get a line.
  private static let fewEpochs = 100

  init(_ context: CommandContext, title: String = "") {
    self.context = context
    self.title = title.isEmpty ? "" : title + "  "
    width = context.errorWidth ?? 80
  }

  /// Shows what happened, or does nothing where it is too soon.
  mutating func show(_ event: TrainingEvent) {
    guard let isBar = context.showsBar else { return }
    switch event {
    case .step(let report):
      epochs = report.epochs
      if isBar, isDue || report.step == report.steps { draw(report) }
    case .epoch(let report):
      lastEpoch = report
      isLastEpochShown = false
      if !isBar, epochs <= Self.fewEpochs || report.epoch == 1 || isDue { print(report) }
    }
  }

  /// Ends the display with the last epoch's line.
  mutating func finish() {
    if isBarShown { context.showProgress("\r\u{1B}[K") }
    isBarShown = false
    if let lastEpoch, !isLastEpochShown, context.showsBar != nil { print(lastEpoch) }
    isLastEpochShown = true
  }

  private var isDue: Bool { Clock.nanoseconds &- lastShown >= Self.interval }

  private mutating func print(_ report: EpochReport) {
    lastShown = Clock.nanoseconds
    isLastEpochShown = true
    context.showProgress("\(title)epoch \(report.epoch)/\(epochs)  \(report.figures)\n")
  }

  private mutating func draw(_ report: StepReport) {
    lastShown = Clock.nanoseconds
    isBarShown = true
    let share = Double(report.step) / Double(max(1, report.steps))
    let head = "\(title)epoch \(report.epoch)/\(report.epochs) "
    var tail = " \((share * 100).fixed(0)) %  loss \(report.loss.significant())"
    if let metric = lastEpoch?.shortMetric { tail += "  \(metric)" }
    let rate = "  \(Int(clamping: Int64(min(report.rowsPerSecond, 1e15))).grouped) rows/s"
    let left = "  \(Self.duration(report.secondsLeft)) left"
    // The time that is left says more than the rate, where there is no room for both.
    for part in [rate + left, left] where head.count + tail.count + part.count + 12 <= width {
      tail += part
      break
    }
    let columns = min(30, width - head.count - tail.count - 3)
    var line = head
    if columns >= 4 {
      let bar = Bar.text(share, columns: columns)
      line += "\u{2595}" + bar + String(repeating: " ", count: columns - bar.count) + "\u{258F}"
    }
    line += tail
    context.showProgress("\r" + String(line.prefix(max(1, width - 1))) + "\u{1B}[K")
  }

  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e8 else { return "?" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = "\(whole / 60 % 60)"
    return whole < 3600
      ? "\(minutes):\(two(whole % 60))" : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
  }
}

extension EpochReport {
  /// `loss 0.1234  accuracy 0.9650  validation_loss 0.1300`.
  var figures: String {
    var all = [NamedNumber(name: "loss", value: loss)] + metrics
    if let validationLoss { all.append(NamedNumber(name: "validation_loss", value: validationLoss)) }
    all += validationMetrics.map { NamedNumber(name: "validation_" + $0.name, value: $0.value) }
    return all.map { "\($0.name) \($0.value.significant())" }.joined(separator: "  ")
  }

  /// The number that says most in a short space.
  fileprivate var shortMetric: String? {
    if let metric = validationMetrics.first {
      return "validation_\(metric.name) \(metric.value.significant())"
    }
    if let metric = metrics.first { return "\(metric.name) \(metric.value.significant())" }
    return validationLoss.map { "validation_loss \($0.significant())" }
  }
}
