import Compiler
import Diagnostics
import JSONText
import Runtime
import Training

/// `nngraph bench`: how fast a network runs or trains.
enum Bench: Verb {
  static let name = "bench"
  static let summary =
    "Measure how long a run or a training step takes, and the share of what the machine can do."
  static let operands = "GRAPH"
  static let example = "bench zoo:digits-mlp --phase train --batch 64"
  static let options = [
    CommandOption("phase", value: "PHASE", "run (the default) or train; of a sweep also both"),
    CommandOption("batch", value: "N", "rows; without it 1 for run, the graph's batch_size for train"),
    CommandOption("seconds", value: "S", "how long to measure (2), or each point of a sweep (0.3)"),
    CommandOption("profile", "a row for every step of the plan"),
    CommandOption("baseline", value: "FILE", "compare with a stored result of bench --json; 1 where slower"),
    CommandOption("tolerance", value: "PERCENT", "how much slower than the baseline is allowed (10)"),
    CommandOption("sweep", value: "AXIS", "measure at 1, 2, 4, ... rows, width or depth, and fit a line"),
    CommandOption("to", value: "N", "where a sweep ends: 4096 rows, 16 times the width, 64 copies"),
    CommandOption("plot", value: "FILE", "write a picture of the sweep, as SVG"),
  ]
  static let notes = [
    "Inputs are made up; other symbols than the first axis are bound by --set NAME=SIZE.",
    "The share compares with the best rate of a large matrix product, measured before and after.",
    "--sweep rows takes the rows of a batch; width multiplies the units and filters of hidden nodes; depth sets",
    "the repeat of blocks. Operations grow with the square of the width, so that its line is over operations.",
    "Parameters are drawn anew; those that the graph stores are not read.",
  ]

  static func documentName(for words: [String]) -> String {
    words.contains { $0 == "--sweep" || $0.hasPrefix("--sweep=") } ? "\(name).sweep" : name
  }

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    if let axis = try arguments.word("sweep", BenchmarkSweep.Axis.self) {
      return try SweepRequest(axis, arguments).run(arguments.operands[0], context)
    }
    for option in ["to", "plot"] where arguments.has(option) {
      throw Fault(.usage, "--\(option) goes with --sweep, which names what grows: rows, width or depth")
    }
    let phase = try arguments.word("phase", Benchmark.Phase.self) ?? .run
    let batch = try arguments.integer("batch", 1...Int(Int32.max))
    let seconds = try arguments.positive("seconds") ?? 2
    let tolerance = try arguments.positive("tolerance")
    let baseline = arguments.value("baseline")
    if tolerance != nil, baseline == nil {
      throw Fault(.usage, "--tolerance goes with --baseline, which names what the result is compared with")
    }
    let network = try GraphArgument(context).network(arguments.operands[0])
    let result = try Benchmark.measure(
      network, phase: phase, rows: batch ?? network.benchmarkRows(phase), seconds: seconds,
      rewrites: context.rewrites, rules: context.rewriteRules,
      pool: ThreadPool(threadCount: context.threadCount), isProfiled: arguments.has("profile"),
      memoryLimit: context.memoryLimit)
    let comparison = try baseline.map { try result.compared(with: $0, tolerance: (tolerance ?? 10) / 100) }
    let compared = comparison.map { [JSONMember(key: "baseline", value: $0.json)] } ?? []
    try context.answer(
      result.text(width: context.width) + (comparison?.text ?? ""),
      .object((result.json.members ?? []) + compared))
    return comparison?.isSlower ?? false ? .no : .done
  }
}

extension Arguments {
  /// A number above 0; nil where the option was not given.
  func positive(_ name: String) throws -> Double? {
    guard let number = try number(name) else { return nil }
    guard number > 0, number <= 1e6 else {
      throw Fault(
        .usage, "--\(name): expected a number above 0, at most 1000000, found \"\(value(name) ?? "")\"")
    }
    return number
  }
}
