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
    return head + table.text(indent: 2) + (profile.map { "\n" + $0.text(width: width) } ?? "")
  }
}

extension BenchmarkProfile {
  /// A row a step, and all together.
  func text(width: Int?) -> String {
    // Readable for steps that take a hundredth of the whole.
    let unit = TimeUnit(for: total.seconds / 100)
    var table = TextTable([
      .init("step", flexible: true), .init("operator"), .init("direction"), .init(unit.name, .right),
      .init("share", .right), .init("operations", .right), .init("GFLOP/s", .right), .init("of peak", .right),
      .init("bytes", .right), .init("GB/s", .right),
    ])
    table.rows = (rows + [total]).map { row in
      [
        row.name, row.op, row.direction, unit.text(row.seconds), "\((100 * share(row)).fixed(1)) %",
        row.operations?.grouped ?? "-",
        row.operationsPerSecond.map { ($0 / 1e9).significant(3) } ?? "-",
        peakShare(row).map { "\((100 * $0).fixed(1)) %" } ?? "-", row.bytes.byteText,
        (row.bytesPerSecond / 1e9).significant(3),
      ]
    }
    return table.text(width: width) + "medians of \(repetitions.grouped) runs; bytes: what a step reads and "
      + "writes, each value once\n"
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
