import CBenchmarks
import Glibc
import Inspection
import JSONText

/// The outcome of a comparison, for people and for programs.
struct Report {
  var machine: MachineDescription
  var speed: MachineSpeed
  /// Seconds of a run of the smallest network.
  var callSeconds: Double
  var cells: [CellResult]
  var peers: [Peer]
  /// Peers that were asked for and took no part, with the reason.
  var absent: [String]
  var rounds: Int
  var seconds: Double

  /// The geometric mean of the ratios of a phase; nil where there are none.
  func meanRatio(_ phase: Phase) -> Double? { Report.geometricMean(ratios(phase)) }

  private func ratios(_ phase: Phase) -> [Double] {
    cells.filter { $0.cell.phase == phase }.compactMap(\.ratio)
  }

  static func geometricMean(_ ratios: [Double]) -> Double? {
    guard !ratios.isEmpty else { return nil }
    // A product of many could leave the range; a root at a time cannot.
    return ratios.reduce(1) { $0 * pow($1, 1 / Double(ratios.count)) }
  }

  private func peakShare(_ cell: CellResult) -> Double? {
    cell.own.median.map { Double(cell.operations) / $0 / speed.product.all }
  }

  // MARK: Markdown

  var markdown: String {
    var lines = machineLines
    lines += [
      "",
      "Times are medians of one step in \(rounds) round\(rounds == 1 ? "" : "s") of \(seconds.significant(3)) s; the ratio "
        + "is the time of the fastest peer over that of nngraph, so above 1 nngraph is faster; the share is that of "
        + "the matrix product on \(machine.threads) thread\(machine.threads == 1 ? "" : "s").", "",
    ]
    lines += table
    lines.append("")
    for (phase, name) in [(Phase.train, "training"), (.run, "inference")] {
      guard let mean = meanRatio(phase) else { continue }
      let all = ratios(phase)
      lines.append(
        "Geometric mean of the \(name) ratios: **\(mean.fixed(2))**, the least \((all.min() ?? 0).fixed(2)), "
          + "the greatest \((all.max() ?? 0).fixed(2)).")
      lines.append("")
    }
    lines += variantLines
    return lines.joined(separator: "\n") + "\n"
  }

  private var machineLines: [String] {
    let rate = { (pair: MachineSpeed.Pair) in
      "\((pair.one / 1e9).significant(3)) on one thread, \((pair.all / 1e9).significant(3)) on \(machine.threads)"
    }
    var lines = [
      "- Machine: \(machine.processor), \(machine.cores) core\(machine.cores == 1 ? "" : "s"), "
        + "\((Double(machine.memoryBytes) / 0x1p30).significant(3)) GiB; \(machine.threads) "
        + "thread\(machine.threads == 1 ? "" : "s") on every side",
      "- Fused multiply-add (\(String(cString: benchmarks_vectors()))): \(rate(speed.multiplyAdd)) GFLOP/s",
      "- Matrix product, 1024 by 1024 by 1024: \(rate(speed.product)) GFLOP/s",
      "- Memory, y = x + a z: \(rate(speed.memory)) GB/s",
      "- A run of the smallest network, 1-1: \(Report.time(callSeconds))",
      "- Versions: " + machine.versions.map { "\($0.name) \($0.version)" }.joined(separator: ", "),
      "- Date: \(machine.date)",
    ]
    lines += absent.map { "- Left out: \($0)" }
    return lines
  }

  private var table: [String] {
    let names = ["network", "rows", "phase", "nngraph"] + peers.map(\.title) + ["ratio", "share of peak"]
    let rule = names.enumerated().map { $0.offset == 0 || $0.offset == 2 ? "---" : "---:" }
    let rows = cells.map { cell in
      [cell.cell.network.name, "\(cell.cell.rows)", cell.cell.phase.rawValue, Report.time(cell.own.median)]
        + peers.map { Report.time(cell.peers[$0]?.median) }
        + [
          cell.ratio.map { $0.fixed(2) } ?? "–", peakShare(cell).map { "\((100 * $0).fixed(1)) %" } ?? "–",
        ]
    }
    return ([names, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
  }

  /// How each peer was fastest, a line a network.
  private var variantLines: [String] {
    var lines: [String] = []
    for cell in cells {
      let found = peers.compactMap { peer -> String? in
        guard let side = cell.peers[peer] else { return nil }
        if !side.variant.isEmpty { return "\(peer.title) \(side.variant)" }
        guard let reason = side.reason, !(cell.cell.phase == .train && peer.onlyRuns) else { return nil }
        return "\(peer.title) was not measured: \(reason)"
      }
      if !found.isEmpty { lines.append("- \(cell.cell.title): " + found.joined(separator: "; ")) }
    }
    return lines.isEmpty ? [] : ["The fastest ways of the peers, by short trials before:", ""] + lines
  }

  /// Three digits and the unit that leaves them readable.
  static func time(_ seconds: Double?) -> String {
    guard let seconds else { return "–" }
    let (unit, factor) = seconds < 1e-3 ? ("µs", 1e6) : seconds < 1 ? ("ms", 1e3) : ("s", 1)
    return "\((seconds * factor).significant(3)) \(unit)"
  }

  // MARK: JSON

  /// The document `nngraph.comparison/1`.
  var json: [UInt8] {
    var members: [(String, JSONValue)] = [
      ("schema", .string("nngraph.comparison/1")), ("date", .string(machine.date)),
      (
        "machine",
        .object([
          ("processor", .string(machine.processor)), ("cores", .integer(machine.cores)),
          ("threads", .integer(machine.threads)), ("memory_bytes", .integer(machine.memoryBytes)),
          ("vectors", .string(String(cString: benchmarks_vectors()))),
          ("multiply_add_operations_per_second", speed.multiplyAdd.json),
          ("product_operations_per_second", speed.product.json),
          ("memory_bytes_per_second", speed.memory.json), ("call_seconds", .double(callSeconds)),
        ])
      ),
      ("versions", .object(machine.versions.map { ($0.name, JSONValue.string($0.version)) })),
      ("absent", .array(absent.map { .string($0) })), ("rounds", .integer(rounds)),
      ("seconds", .double(seconds)),
      ("results", .array(cells.map(result))),
    ]
    for (phase, name) in [(Phase.train, "training_ratio"), (.run, "inference_ratio")] {
      if let mean = meanRatio(phase) { members.append((name, .double(mean))) }
    }
    return JSONWriter.canonical(.object(members))
  }

  private func result(_ cell: CellResult) -> JSONValue {
    let sides = [("nngraph", cell.own)] + peers.map { ($0.rawValue, cell.peers[$0] ?? SideResult()) }
    var members: [(String, JSONValue)] = [
      ("network", .string(cell.cell.network.name)), ("phase", .string(cell.cell.phase.rawValue)),
      ("rows", .integer(cell.cell.rows)), ("operations", .integer(cell.operations)),
      ("sides", .object(sides.map { ($0.0, side($0.1)) })),
    ]
    if let ratio = cell.ratio { members.append(("ratio", .double(ratio))) }
    if let share = peakShare(cell) { members.append(("peak_share", .double(share))) }
    return .object(members)
  }

  private func side(_ side: SideResult) -> JSONValue {
    var members: [(String, JSONValue)] = []
    if let median = side.median {
      members = [
        ("median", .double(median)), ("minimum", .double(side.rounds.map(\.minimum).min() ?? 0)),
        ("repetitions", .integer(side.rounds.reduce(0) { $0 + $1.repetitions })),
        ("medians", .array(side.rounds.map { .double($0.median) })),
      ]
    }
    if !side.variant.isEmpty { members.append(("variant", .string(side.variant))) }
    if let reason = side.reason { members.append(("not_measured", .string(reason))) }
    return .object(members)
  }
}
