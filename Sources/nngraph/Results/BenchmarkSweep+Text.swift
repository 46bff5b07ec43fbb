import Inspection
import Training

extension BenchmarkSweep {
  /// A row a value, and the line through the upper half.
  func text(width: Int?) -> String {
    let unit = TimeUnit(for: points.map(\.result.median).min() ?? 0)
    var table = TextTable([
      .init(axis.rawValue, .right), .init(unit.name, .right), .init("per \(unitName)", .right),
      .init("GFLOP/s", .right), .init("of peak", .right), .init("operations", .right),
      .init("parameters", .right), .init("memory", .right),
    ])
    table.rows = points.map { point in
      let result = point.result
      return [
        point.value.grouped, unit.text(result.median), (result.median / work(point)).shortDuration,
        (result.operationsPerSecond / 1e9).significant(3), "\((100 * result.peakShare).fixed(1)) %",
        result.operations.grouped, result.parameterCount.grouped, result.peakBytes.byteText,
      ]
    }
    let threads = points.first?.result.threads ?? 0
    let batch = points.first?.result.rows ?? 0
    let rows = axis == .rows ? "" : ", \(batch.grouped) row\(batch == 1 ? "" : "s")"
    return "\(points.first?.result.graph ?? "") \(phase.rawValue), sweep of \(axis.rawValue)\(rows), "
      + "\(threads) thread\(threads == 1 ? "" : "s")\n" + table.text(width: width) + (fitText ?? "")
  }

  /// What one unit of work is called.
  private var unitName: String {
    switch axis {
    case .rows: "row"
    case .width: "operation"
    case .depth: "copy"
    }
  }

  /// The line in words.
  private func formula(_ fit: BenchmarkFit) -> String {
    let sign = fit.slope < 0 ? "-" : "+"
    return "\(fit.overhead.shortDuration) \(sign) \(fit.slope.magnitude.shortDuration) per \(unitName)"
  }

  private var fitText: String? {
    fit.map { fit in
      "upper \(fit.pointCount) points: \(formula(fit)), off by \((100 * fit.deviation).fixed(1)) % at most; "
        + "time grows as \(axis == .width ? "operations" : axis.rawValue)^\(fit.power.fixed(2))\n"
    }
  }

  /// The measured times of all sweeps of one axis over the work, each with its fitted line.
  static func plot(_ sweeps: [BenchmarkSweep]) -> LinePlot {
    var lines: [LinePlot.Line] = []
    for (color, sweep) in sweeps.enumerated() {
      let points = sweep.points.map { (x: sweep.work($0), y: $0.result.median) }
      lines.append(LinePlot.Line(sweep.phase == .train ? "training step" : "run", points, color: color))
      guard let fit = sweep.fit else { continue }
      let computed = points.suffix(fit.pointCount).map { (x: $0.x, y: fit.seconds(at: $0.x)) }
      lines.append(
        LinePlot.Line("upper half: \(sweep.formula(fit))", computed, isComputed: true, color: color))
    }
    let first = sweeps.first
    let result = first?.points.first?.result
    let axis = first?.axis ?? .rows
    let horizontal =
      switch axis {
      case .rows: "rows of a batch"
      case .width:
        "floating-point operations, hidden widths multiplied by 1 to \(first?.points.last?.value ?? 1)"
      case .depth: "copies of the block"
      }
    let threads = result?.threads ?? 0
    return LinePlot(
      title: "\(result?.graph ?? ""): \(axis.rawValue), \(threads) thread\(threads == 1 ? "" : "s")",
      horizontal: horizontal, lines: lines)
  }
}
