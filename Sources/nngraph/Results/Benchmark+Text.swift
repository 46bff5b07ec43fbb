import Inspection
import Training

extension Benchmark {
  /// The figures, a line each, and the steps of the plan where they were measured.
  func text(width: Int?) -> String {
    let unit = TimeUnit(for: median)
    var table = TextTable([.init(""), .init("", .right), .init("")])
    for (name, value) in [("minimum", minimum), ("median", median), ("p90", p90), ("p99", p99)] {
      table.rows.append([name, unit.text(value), unit.name])
    }
    table.rows += [
      ["rows a second", (Double(rows) / median).significant(), ""],
      ["operations a second", (operationsPerSecond / 1e9).significant(), "GFLOP/s"],
      [
        "share of this machine", (peakShare * 100).fixed(1),
        "% of \((peakOperationsPerSecond / 1e9).significant()) GFLOP/s",
      ],
      ["memory", peakBytes.byteText, ""],
    ]
    let head =
      "\(graph) \(phase.rawValue), \(rows.grouped) row\(rows == 1 ? "" : "s"), "
      + "\(threads) thread\(threads == 1 ? "" : "s"), \(repetitions.grouped) repetitions\n"
    guard !profile.isEmpty else { return head + table.text(indent: 2) }
    let whole = profile.reduce(0) { $0 + $1.seconds }
    var steps = TextTable([
      .init("step", flexible: true), .init("direction"), .init(unit.name, .right), .init("share", .right),
    ])
    steps.rows = profile.map {
      [$0.name, $0.direction, unit.text($0.seconds), "\((100 * $0.seconds / max(whole, 1e-300)).fixed(1)) %"]
    }
    return head + table.text(indent: 2) + "\n" + steps.text(width: width)
  }
}

extension BenchmarkComparison {
  /// One line: how the median compares with the baseline.
  var text: String {
    let unit = TimeUnit(for: median)
    let direction = change > 0 ? "slower" : "faster"
    let verdict = isSlower ? "more than the \((tolerance * 100).significant()) % that are allowed" : "allowed"
    let amount = (100 * change.magnitude).fixed(1)
    return "baseline \(unit.text(baseline)) \(unit.name): \(amount) % \(direction), \(verdict)\n"
  }
}

/// The unit that leaves a time readable.
private struct TimeUnit {
  let name: String
  private let factor: Double

  init(for seconds: Double) {
    (name, factor) = seconds < 1e-3 ? ("us", 1e6) : seconds < 1 ? ("ms", 1e3) : ("s", 1)
  }

  func text(_ seconds: Double) -> String { (seconds * factor).fixed(factor == 1 ? 3 : 2) }
}
