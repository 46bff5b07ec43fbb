import Compiler
import Diagnostics
import JSONText
import Kernels
import LayerKit
import Runtime
import Tensors

/// How long a run or a training step of a network takes on this machine.
public struct Benchmark: Sendable {
  public enum Phase: String, Hashable, Sendable, CaseIterable {
    case run
    case train
  }

  public var graph: String
  public var phase: Phase
  public var rows: Int
  public var threads: Int
  public var repetitions: Int
  /// Seconds of one repetition.
  public var minimum: Double
  public var median: Double
  public var p90: Double
  public var p99: Double
  /// Floating-point operations of one repetition.
  public var operations: Int
  /// Operations a second that this machine reached with large matrix products, measured just before.
  public var peakOperationsPerSecond: Double
  /// The memory of the plan, the parameters and what the optimizer keeps.
  public var peakBytes: Int
  /// By step of the plan: what it is, and its median seconds; only where a profile was asked for.
  public var profile: [ProfileRow]

  public var operationsPerSecond: Double { Double(operations) / median }
  public var peakShare: Double { operationsPerSecond / peakOperationsPerSecond }

  /// One step of the plan.
  public struct ProfileRow: Hashable, Sendable {
    public var name: String
    public var direction: String
    public var seconds: Double
  }

  /// Measures for about `seconds`, with every symbol of a first axis bound to `rows` and inputs made up.
  ///
  /// Throws `Faults` where other symbols are not bound in `sizes`, or a training step is asked of a graph
  /// without `training`.
  public static func measure(
    _ network: Network, phase: Phase, rows: Int, seconds: Double, sizes: [String: Int] = [:],
    rewrites: RewriteSelection = .all, rules: [any Rewrite], pool: ThreadPool, isProfiled: Bool = false,
    memoryLimit: Int = .max
  ) throws -> Benchmark {
    var sizes = sizes
    for input in network.inputs {
      for symbol in input.type.shape.first?.symbols ?? [] where sizes[symbol] == nil { sizes[symbol] = rows }
    }
    let training = phase == .train ? try network.settingsForTraining() : nil
    let request = PlanRequest(
      mode: phase == .train ? .training : .inference, sizes: sizes,
      fetches: phase == .train ? [] : network.outputs.map(\.value), losses: training?.losses ?? [],
      rewrites: rewrites, memoryLimit: memoryLimit)
    let plan = try Plan.make(network, request, rewrites: rules)
    let parameters = try ParameterStore(network)
    parameters.initialize(seed: training?.seed ?? 0)
    let session = try Session(plan, parameters: parameters, executor: pool)
    fillInputs(network, session)
    let pass = try training.map {
      try OptimizerPass(
        network, $0, parameters: parameters, inOnePass: rewrites.includes(OptimizerPass.rewriteName),
        executor: pool)
    }
    let peak = peakOperations(pool)
    var step = 0
    let times = try sample(seconds: seconds) {
      try session.run(step: step)
      pass?.step()
      step += 1
    }
    let slots = (pass?.optimizer.slotCount ?? 0) + (pass == nil ? 1 : 2)
    return Benchmark(
      graph: network.document.name.value, phase: phase, rows: rows, threads: pool.threadCount,
      repetitions: times.count, minimum: times[0], median: quantile(times, 0.5), p90: quantile(times, 0.9),
      p99: quantile(times, 0.99), operations: plan.operations, peakOperationsPerSecond: peak,
      peakBytes: saturatingSum(plan.arenaByteCount, saturatingProduct(slots, plan.layout.byteCount)),
      profile: isProfiled ? try profile(session, pass) : [])
  }

  private static func fillInputs(_ network: Network, _ session: Session) {
    for input in network.inputs {
      guard let view = session.input(input.value) else { continue }
      let key = RandomKey.make(seed: 0, purpose: "benchmark", name: input.name, parameter: "", step: 0)
      switch view.type.element {
      case .float32:
        Kernel.randomUniform(key: key, start: 0, y: view.pointer(Float.self), count: view.count)
      case .float64:
        Kernel.randomUniform(key: key, start: 0, y: view.pointer(Double.self), count: view.count)
      // 0 is a valid class, index and truth for every operator.
      case .int32, .bool: break
      }
    }
  }

  /// The seconds of each repetition, sorted; at least 10, and a few before that are not counted.
  private static func sample(seconds: Double, _ body: () throws -> Void) rethrows -> [Double] {
    for _ in 0..<5 { try body() }
    var times: [Double] = []
    let start = Clock.nanoseconds
    while times.count < 10 || Double(Clock.nanoseconds - start) / 1e9 < seconds, times.count < 1_000_000 {
      let began = Clock.nanoseconds
      try body()
      times.append(Double(Clock.nanoseconds - began) / 1e9)
    }
    return times.sorted()
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }

  /// The best rate of a matrix product of 1024 by 1024 by 1024, each thread with rows of its own.
  private static func peakOperations(_ pool: ThreadPool) -> Double {
    let side = 1024
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 3 * side * side)
    defer { memory.deallocate() }
    memory.initialize(repeating: 1, count: 3 * side * side)
    let rows = side / 8
    var best = Double.infinity
    for _ in 0..<8 {
      let start = Clock.nanoseconds
      pool.run(pieces: 8) { piece in
        Kernel.product(
          m: rows, n: side, k: side, a: UnsafePointer(memory + piece * rows * side), leadingA: side,
          b: UnsafePointer(memory + side * side), leadingB: side,
          c: memory + (2 * side + piece * rows) * side, leadingC: side)
      }
      best = min(best, Double(Clock.nanoseconds - start) / 1e9)
    }
    return 2 * Double(side * side * side) / best
  }

  private static func profile(_ session: Session, _ pass: OptimizerPass?) throws -> [ProfileRow] {
    var samples: [[Double]] = []
    var steps: [PlanStep] = []
    var updates: [Double] = []
    for _ in 0..<20 {
      let times = try session.profile()
      steps = times.map(\.step)
      if samples.isEmpty { samples = times.map { _ in [] } }
      for (index, time) in times.enumerated() { samples[index].append(Double(time.nanoseconds) / 1e9) }
      let start = Clock.nanoseconds
      pass?.step()
      updates.append(Double(Clock.nanoseconds - start) / 1e9)
    }
    var rows = zip(steps, samples).map { step, times in
      let (name, direction) = session.plan.label(step)
      return ProfileRow(name: name, direction: direction, seconds: quantile(times.sorted(), 0.5))
    }
    if pass != nil {
      rows.append(
        ProfileRow(name: "optimizer", direction: "update", seconds: quantile(updates.sorted(), 0.5)))
    }
    return rows
  }

  /// The result in the form that scripts read.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("schema", .string("nngraph.bench/1")), ("graph", .string(graph)), ("phase", .string(phase.rawValue)),
      ("rows", .integer(rows)), ("threads", .integer(threads)), ("repetitions", .integer(repetitions)),
      (
        "seconds",
        .object([
          ("minimum", .double(minimum)), ("median", .double(median)), ("p90", .double(p90)),
          ("p99", .double(p99)),
        ])
      ),
      ("operations", .integer(operations)), ("operations_per_second", .double(operationsPerSecond)),
      ("peak_share", .double(peakShare)), ("peak_bytes", .integer(peakBytes)),
    ]
    if !profile.isEmpty {
      let rows = profile.map {
        JSONValue.object([
          ("name", .string($0.name)), ("direction", .string($0.direction)), ("seconds", .double($0.seconds)),
        ])
      }
      members.append(("profile", .array(rows)))
    }
    return .object(members)
  }
}

extension Network {
  /// The settings of training. Throws `Faults` where the graph has none.
  public func settingsForTraining() throws -> TrainingSettings {
    if let training { return training }
    throw Faults(Fault(file: document.file, place: "training", "missing; it says how the network is trained"))
  }
}

extension Plan {
  /// What a step works on, and in which direction.
  public func label(_ step: PlanStep) -> (name: String, direction: String) {
    switch step {
    case .forward(let index): (call(index), "forward")
    case .backward(let index): (call(index), "backward")
    case .fill: ("gradient", "fill")
    case .add, .addNumber, .addToParameter: ("gradient", "add")
    }
  }

  private func call(_ index: Int) -> String {
    let node = calls[index].node
    return "\(node.name) (\(node.layer.schema.name))"
  }
}
