import Compiler
import Diagnostics
import JSONText
import Runtime
import Tensors
import Training

/// What `bench --sweep` is asked for.
struct SweepRequest {
  /// The phases that are measured one after the other.
  private enum Phases: String, CaseIterable {
    case run
    case train
    case both
  }

  private let axis: BenchmarkSweep.Axis
  private let phases: [Benchmark.Phase]
  private let values: [Int]
  private let batch: Int?
  private let seconds: Double
  private let plot: String?

  /// Throws a usage fault for options that do not go with a sweep.
  init(_ axis: BenchmarkSweep.Axis, _ arguments: Arguments) throws {
    self.axis = axis
    for option in ["profile", "baseline", "tolerance"] where arguments.has(option) {
      throw Fault(.usage, "--\(option) does not go with --sweep; measure one size with it")
    }
    batch = try arguments.integer("batch", 1...Int(Int32.max))
    if axis == .rows, batch != nil {
      throw Fault(.usage, "--batch does not go with --sweep rows, which measures 1, 2, 4 rows and on")
    }
    phases =
      switch try arguments.word("phase", Phases.self) ?? .run {
      case .run: [.run]
      case .train: [.train]
      case .both: [.train, .run]
      }
    let limit = try arguments.integer("to", 2...Int(Int32.max)) ?? axis.usualLimit
    values = BenchmarkSweep.values(upTo: limit)
    seconds = try arguments.positive("seconds") ?? 0.3
    plot = arguments.value("plot")
  }

  /// Measures and prints; writes the picture that was asked for.
  func run(_ name: String, _ context: CommandContext) throws -> ExitCode {
    let argument = GraphArgument(context)
    let reading = try argument.read(name)
    let base = try argument.network(of: reading)
    let pool = ThreadPool(threadCount: context.threadCount)
    let sweeps = try phases.map { phase in
      try BenchmarkSweep.measure(
        axis, values, phase: phase, rows: batch ?? base.benchmarkRows(phase), seconds: seconds,
        rewrites: context.rewrites, rules: context.rewriteRules, pool: pool,
        memoryLimit: context.memoryLimit
      ) { value in
        try argument.network(of: (try base.document.swept(axis, to: value), []))
      }
    }
    if let plot, let picture = BenchmarkSweep.plot(sweeps).svg {
      try FileAccess.writeFile(plot, Array(picture.utf8))
    }
    try context.answer(
      sweeps.map { $0.text(width: context.width) }.joined(separator: "\n"),
      .object([
        ("schema", .string("nngraph.bench.sweep/1")), ("graph", .string(base.document.name.value)),
        ("axis", .string(axis.rawValue)), ("threads", .integer(pool.threadCount)),
        ("sweeps", .array(sweeps.map(\.json))),
      ]))
    return .done
  }
}
