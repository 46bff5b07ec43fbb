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
  /// Operations a second that this machine reached with large matrix products, measured just before and after.
  public var peakOperationsPerSecond: Double
  /// The memory of the plan, the parameters and what the optimizer keeps.
  public var peakBytes: Int
  /// The numbers in all parameters; states are not counted.
  public var parameterCount: Int
  /// What each step of the plan takes; nil where no profile was asked for.
  public var profile: BenchmarkProfile?

  public var operationsPerSecond: Double { Double(operations) / median }
  public var peakShare: Double { operationsPerSecond / peakOperationsPerSecond }

  /// Measures for about `seconds`, with every symbol of a first axis bound to `rows` and inputs made up.
  ///
  /// `peak` are the operations a second of large matrix products, where they are measured elsewhere.
  /// Throws `Faults` where other symbols are not bound in `sizes`, or a training step is asked of a graph
  /// without `training`.
  public static func measure(
    _ network: Network, phase: Phase, rows: Int, seconds: Double, sizes: [String: Int] = [:],
    rewrites: RewriteSelection = .all, rules: [any Rewrite], pool: ThreadPool, isProfiled: Bool = false,
    memoryLimit: Int = .max, peak: Double? = nil
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
    fillInputs(of: network, session)
    let pass = try training.map {
      try OptimizerPass(
        network, $0, parameters: parameters, inOnePass: rewrites.includes(OptimizerPass.rewriteName),
        executor: pool)
    }
    let before = peak ?? peakOperations(pool)
    var step = 0
    let times = try sample(seconds: seconds) {
      try session.run(step: step)
      pass?.step()
      step += 1
    }
    let best = peak ?? max(before, peakOperations(pool))
    let slots = (pass?.optimizer.slotCount ?? 0) + (pass == nil ? 1 : 2)
    return Benchmark(
      graph: network.document.name.value, phase: phase, rows: rows, threads: pool.threadCount,
      repetitions: times.count, minimum: times[0], median: quantile(times, 0.5), p90: quantile(times, 0.9),
      p99: quantile(times, 0.99), operations: plan.operations, peakOperationsPerSecond: best,
      peakBytes: saturatingSum(plan.arenaByteCount, saturatingProduct(slots, plan.layout.byteCount)),
      parameterCount: network.parameters.reduce(0) { saturatingSum($0, $1.isState ? 0 : $1.count) },
      profile: isProfiled ? try BenchmarkProfile.measure(session, of: network, pass, peak: best) : nil)
  }
}

extension Network {
  /// The settings of training. Throws `Faults` where the graph has none.
  public func settingsForTraining() throws -> TrainingSettings {
    if let training { return training }
    throw Faults(Fault(file: document.file, place: "training", "missing; it says how the network is trained"))
  }
}
