import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors

/// Compares the gradients that backward gives with central differences of the loss, in 64 bits.
///
/// The loss is computed for the differences by a plan of its own, without rewrites and without backward, so that
/// what a rewrite changes is compared with what the graph says.
public struct GradientCheck: Sendable {
  public let network: Network
  public var mode = Mode.training
  /// The rewrites of the plan whose gradients are checked.
  public var rewrites = RewriteSelection.all
  /// Of a tensor with more elements so many are compared, spread over it.
  public var elementsPerTensor = 64
  /// What random numbers of the graph are drawn from; every evaluation draws the same ones.
  public var seed: UInt64 = 0
  public var losses: [LossTerm]
  /// The memory that a plan, or inputs made for it, may take, in bytes.
  public var memoryLimit = Machine.availableMemory
  private let registry: Registry
  private let executor: any Executor

  /// Checks the training loss of the network, or `losses`. Throws a fault where there is neither.
  public init(
    _ network: Network, registry: Registry, executor: any Executor, losses: [LossTerm]? = nil
  ) throws {
    guard let losses = losses ?? network.training?.losses else {
      throw Faults(
        Fault(place: "training", "missing; it names the loss whose gradients are to be checked"))
    }
    self.network = network
    self.registry = registry
    self.executor = executor
    self.losses = losses
  }

  /// Checks every trainable parameter and every float input at the values given.
  ///
  /// `parameters` hold float64; they are as before when it returns, states too. Throws what the plans and the
  /// runs throw, and a fault where the loss is not finite.
  public func run(inputs: [String: Tensor], parameters: ParameterStore) throws -> GradientReport {
    let states = network.parameters.indices.filter { network.parameters[$0].isState }.map {
      (ParameterID($0), parameters.tensor(ParameterID($0)))
    }
    defer { for (id, tensor) in states { parameters.set(id, tensor) } }
    let backward = try backwardSession(inputs, parameters)
    let objective = try objective(inputs, parameters)
    poison(backward)
    try backward.run(seed: seed)
    let loss = try objective.value()
    guard loss.isFinite else { throw Faults(Fault(place: "training, loss", "is \(loss) at these values")) }
    try compareLosses(backward, loss)
    let stops = GradientStops(network, losses: losses)
    var rows: [GradientRow] = []
    for id in parameters.layout.trainable {
      let parameter = network.parameters[id.index]
      rows.append(
        try row(
          node: parameter.node, name: parameter.name, isInput: false,
          backward: backward.plan.reached.contains(id) ? parameters.gradientView(id) : nil,
          value: parameters.view(id), note: stops.note(id), objective))
    }
    for input in network.inputs where input.type.element.isFloat {
      guard let value = objective.session.input(input.value) else { continue }
      rows.append(
        try row(
          node: "", name: input.name, isInput: true, backward: backward.inputGradient(input.value),
          value: value, note: stops.note(input.value), objective))
    }
    return GradientReport(rows, loss: loss)
  }

  private func backwardSession(_ inputs: [String: Tensor], _ parameters: ParameterStore) throws -> Session {
    var request = try request(inputs)
    request.losses = losses
    request.rewrites = rewrites
    request.inputGradients = network.inputs.filter { $0.type.element.isFloat }.map(\.value)
    return try session(request, inputs, parameters)
  }

  func objective(_ inputs: [String: Tensor], _ parameters: ParameterStore) throws -> Objective {
    var request = try request(inputs)
    request.fetches = losses.map(\.value)
    return Objective(session: try session(request, inputs, parameters), losses: losses, seed: seed)
  }

  private func request(_ inputs: [String: Tensor]) throws -> PlanRequest {
    PlanRequest(
      mode: mode, sizes: try network.sizes(for: inputs, inDouble: true), inDouble: true, fetches: [],
      rewrites: .none, memoryLimit: memoryLimit)
  }

  private func session(
    _ request: PlanRequest, _ inputs: [String: Tensor], _ parameters: ParameterStore
  ) throws -> Session {
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    let session = try Session(plan, parameters: parameters, executor: executor)
    for input in network.inputs {
      if let tensor = inputs[input.name] { session.setInput(input.value, tensor) }
    }
    return session
  }

  /// Fills every gradient with what is no number, so that one which backward leaves alone is seen.
  private func poison(_ session: Session) {
    for id in session.plan.reached { (try? session.parameters.gradientView(id))?.fill(.nan) }
    for input in network.inputs { session.inputGradient(input.value)?.fill(.nan) }
  }

  /// Both plans must compute one loss, or their gradients are not those of one function.
  private func compareLosses(_ backward: Session, _ loss: Double) throws {
    let other = Objective(session: backward, losses: losses, seed: seed).sum()
    guard (other - loss).magnitude <= 1e-9 * max(1, loss.magnitude) else {
      throw Faults(
        Fault(
          .program, place: "training, loss",
          "is \(other) in the plan with gradients, but \(loss) in the plan without"))
    }
  }

  private func row(
    node: String, name: String, isInput: Bool, backward: TensorView?, value: TensorView, note: String?,
    _ objective: Objective
  ) throws -> GradientRow {
    var worst: GradientDifference?
    var kinks = 0
    let chosen = note == nil ? sample(value.count) : []
    let elements: UnsafeMutablePointer<Double> = value.pointer()
    for index in chosen {
      let given: Double = backward.map { $0.pointer(Double.self)[index] } ?? 0
      let slope = try objective.slope(elements + index)
      if slope.isKink { kinks += 1 }
      let error =
        slope.isKink && slope.allows(given) ? 0 : objective.relativeError(given, slope.value)
      let one = GradientDifference(
        index: coordinates(of: index, in: value.shape), backward: given, differences: slope.value,
        relativeError: error)
      if worst.map({ $0.relativeError < error || error.isNaN }) ?? true { worst = one }
    }
    return GradientRow(
      node: node, name: name, isInput: isInput, isReached: backward != nil, compared: chosen.count,
      kinks: kinks, worst: worst, note: note)
  }

  /// The elements to compare: all, or one at random out of each of as many equal parts.
  private func sample(_ count: Int) -> [Int] {
    let wanted = max(1, elementsPerTensor)
    guard count > wanted else { return Array(0..<count) }
    var numbers = SeededNumbers(seed: UInt64(count))
    return (0..<wanted).map { part in
      let start = Int(Double(part) / Double(wanted) * Double(count))
      let end = part + 1 == wanted ? count : Int(Double(part + 1) / Double(wanted) * Double(count))
      return start + numbers.integer(below: end - start)
    }
  }
}

/// The loss as a function of the numbers that a session reads.
struct Objective {
  let session: Session
  let losses: [LossTerm]
  let seed: UInt64

  /// Computes the loss.
  func value() throws -> Double {
    session.parameters.markChanged()
    try session.runForward(seed: seed)
    return sum()
  }

  /// The loss of the last run.
  func sum() -> Double {
    losses.reduce(0) { $0 + $1.weight * (session.output($1.value)?.pointer(Double.self).pointee ?? .nan) }
  }

  /// The slope of the loss in one number, which is as before afterwards.
  func slope(_ number: UnsafeMutablePointer<Double>) throws -> NumericSlope {
    let before = number.pointee
    defer { number.pointee = before }
    func loss(_ argument: Double) throws -> Double {
      number.pointee = argument
      return try value()
    }
    return try NumericSlope.measure(at: before, agreement: { relativeError($0, $1) < 1e-8 }, loss)
  }

  /// |a - b| / max(1e-4 |loss|, 1e-4, |a| + |b|): below the floor, differences hold nothing but rounding.
  func relativeError(_ a: Double, _ b: Double) -> Double {
    let floor = 1e-4 * max(1, sum().magnitude)
    return (a - b).magnitude / max(floor, a.magnitude + b.magnitude)
  }
}

extension TensorView {
  /// Sets every element of a tensor of float64.
  fileprivate func fill(_ number: Double) {
    precondition(type.element == .float64, "a check in 64 bits met \(type.element)")
    pointer(Double.self).update(repeating: number, count: count)
  }
}
