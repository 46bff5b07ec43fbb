import Compiler
import JSONText
import LayerKit
import Runtime

/// What each step of a plan takes, and the update of the parameters behind it.
public struct BenchmarkProfile: Sendable {
  /// One step, or all together.
  public struct Row: Hashable, Sendable {
    /// The node, or the parameter that a gradient is added to.
    public var name: String
    /// The operator that is computed; empty for steps on gradients alone.
    public var op: String
    /// `forward`, `again` for what is computed a second time for backward, `backward`, `fill`, `add` or `update`.
    public var direction: String
    /// The median.
    public var seconds: Double
    /// Floating-point operations; nil where they are not counted.
    public var operations: Int?
    /// The bytes that it has to move at least.
    public var bytes: Int

    /// Floating-point operations a second.
    public var operationsPerSecond: Double? { operations.map { Double($0) / seconds } }
    /// Bytes a second.
    public var bytesPerSecond: Double { Double(bytes) / seconds }
  }

  /// The steps in order; the last is the optimizer's where there is one.
  public var rows: [Row]
  /// How often every step was measured.
  public var repetitions: Int
  /// Operations a second that this machine reached with large matrix products.
  public var peakOperationsPerSecond: Double

  /// All rows together.
  public var total: Row {
    Row(
      name: "total", op: "", direction: "", seconds: rows.reduce(0) { $0 + $1.seconds },
      operations: rows.reduce(0) { saturatingSum($0, $1.operations ?? 0) },
      bytes: rows.reduce(0) { saturatingSum($0, $1.bytes) })
  }

  /// The share of the time that a row takes.
  public func share(_ row: Row) -> Double { row.seconds / max(total.seconds, .leastNonzeroMagnitude) }

  /// The share of the machine's peak that a row reaches; nil where its operations are not counted.
  public func peakShare(_ row: Row) -> Double? {
    row.operationsPerSecond.map { $0 / peakOperationsPerSecond }
  }

  /// How long is measured at least, in seconds; how often at least; and how many times of all steps are kept.
  private static let leastSeconds = 0.3
  private static let leastRepetitions = 10
  private static let mostSamples = 1 << 21

  /// Measures every step by itself, again and again.
  static func measure(
    _ session: Session, of network: Network, _ pass: OptimizerPass?, peak: Double
  ) throws -> BenchmarkProfile {
    let plan = session.plan
    var steps: [PlanStep] = []
    var samples: [[Double]] = []
    let start = Clock.nanoseconds
    var repetitions = 0
    while repetitions < leastRepetitions
      || Double(Clock.nanoseconds - start) / 1e9 < leastSeconds
        && repetitions < mostSamples / max(1, samples.count)
    {
      let times = try session.profile(step: repetitions)
      if repetitions == 0 {
        steps = times.map(\.step)
        samples = [[Double]](repeating: [], count: steps.count + (pass == nil ? 0 : 1))
      }
      for (index, time) in times.enumerated() { samples[index].append(Double(time.nanoseconds) / 1e9) }
      if let pass {
        let began = Clock.nanoseconds
        pass.step()
        samples[steps.count].append(Double(Clock.nanoseconds - began) / 1e9)
      }
      repetitions += 1
    }
    // A step that is over before the clock moves has taken the least that it can tell.
    let medians = samples.map { max(1e-9, Benchmark.quantile($0.sorted(), 0.5)) }
    var rows = zip(steps, medians).map { Row($0, seconds: $1, plan, network) }
    if let pass, let seconds = medians.last {
      rows.append(Row(update: pass, seconds: seconds, plan))
    }
    return BenchmarkProfile(rows: rows, repetitions: repetitions, peakOperationsPerSecond: peak)
  }

  /// The members of a result of `bench --profile`.
  var members: [(String, JSONValue)] {
    [
      ("profile", .array(rows.map { .object(members(of: $0)) })),
      ("profile_total", .object(members(of: total))), ("profile_repetitions", .integer(repetitions)),
    ]
  }

  private func members(of row: Row) -> [(String, JSONValue)] {
    [
      ("name", .string(row.name)), ("op", .string(row.op)), ("direction", .string(row.direction)),
      ("seconds", .double(row.seconds)), ("share", .double(share(row))),
      ("operations", row.operations.map(JSONValue.integer) ?? .null),
      ("operations_per_second", row.operationsPerSecond.map(JSONValue.double) ?? .null),
      ("peak_share", peakShare(row).map(JSONValue.double) ?? .null), ("bytes", .integer(row.bytes)),
      ("bytes_per_second", .double(row.bytesPerSecond)),
    ]
  }
}

extension BenchmarkProfile.Row {
  /// A step of a plan.
  fileprivate init(_ step: PlanStep, seconds: Double, _ plan: Plan, _ network: Network) {
    self.init(
      name: "gradient", op: "", direction: "add", seconds: seconds, operations: nil,
      bytes: plan.byteCount(of: plan.use(of: step)))
    switch step {
    case .forward(let index):
      let call = plan.calls[index]
      name(call.node, call.isRepeated ? "again" : "forward", plan.operations(of: step))
    case .backward(let index): name(plan.calls[index].node, "backward", plan.operations(of: step))
    case .fill: direction = "fill"
    case .add, .addNumber: break
    case .addToParameter(_, let parameter): name = network.parameters[parameter.index].name
    }
  }

  /// The update of the parameters: reads them, their gradients and what the optimizer keeps, and writes all but
  /// the gradients.
  fileprivate init(update pass: OptimizerPass, seconds: Double, _ plan: Plan) {
    let arrays = 3 + 2 * pass.optimizer.slotCount
    self.init(
      name: "optimizer", op: pass.optimizer.schema.name, direction: "update", seconds: seconds,
      operations: nil, bytes: saturatingProduct(arrays, plan.layout.trainableByteCount))
  }

  private mutating func name(_ node: GraphNode, _ direction: String, _ operations: Int) {
    name = node.name
    op = node.layer.schema.name
    self.direction = direction
    self.operations = operations
  }
}
