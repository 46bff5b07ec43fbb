import Compiler
import Diagnostics
import Kernels
import LayerKit
import Runtime
import Training

/// One network in one phase, ready to be measured in this process.
final class OwnSide {
  /// Floating-point operations of one step.
  let operations: Int
  private let network: Network
  private let training: TrainingSettings?
  private let parameters: ParameterStore
  private let session: Session
  private let pool: ThreadPool
  private var pass: OptimizerPass?

  /// Throws `Faults` for a network that cannot be planned or, in `train`, does not say how it is trained.
  init(_ network: Network, _ phase: Phase, rows: Int, rules: [any Rewrite], pool: ThreadPool) throws {
    self.network = network
    self.pool = pool
    training = phase == .train ? try network.settingsForTraining() : nil
    var sizes: [String: Int] = [:]
    for input in network.inputs {
      for symbol in input.type.shape.first?.symbols ?? [] { sizes[symbol] = rows }
    }
    let request = PlanRequest(
      mode: phase == .train ? .training : .inference, sizes: sizes,
      fetches: phase == .train ? [] : network.outputs.map(\.value), losses: training?.losses ?? [])
    let plan = try Plan.make(network, request, rewrites: rules)
    operations = plan.operations
    parameters = try ParameterStore(network)
    session = try Session(plan, parameters: parameters, executor: pool)
    fillInputs()
    try restart()
  }

  /// Measures for about `seconds`, from the first parameters on.
  func measure(seconds: Double) throws -> Timing {
    try restart()
    var step = 0
    return try Timing.measure(seconds: seconds) {
      try session.run(step: step)
      pass?.step()
      step += 1
    }
  }

  private func restart() throws {
    parameters.initialize(seed: training?.seed ?? 0)
    pass = try training.map { try OptimizerPass(network, $0, parameters: parameters, executor: pool) }
  }

  /// Numbers in [0, 1), and mixed classes where the width of the output tells how many there are.
  private func fillInputs() {
    Benchmark.fillInputs(of: network, session)
    let integers = network.inputs.compactMap { session.input($0.value) }.filter { $0.type.element == .int32 }
    let classes = network.outputs.first.flatMap { network.type($0.value).shape.last?.number } ?? 1
    guard training != nil, integers.count == 1, let view = integers.first else { return }
    let pointer = view.pointer(Int32.self)
    for index in 0..<view.count {
      pointer[index] = Int32(truncatingIfNeeded: (index &* 7919 &+ 13) % max(1, classes))
    }
  }
}
