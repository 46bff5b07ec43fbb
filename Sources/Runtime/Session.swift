import Compiler
import Diagnostics
import Kernels
import LayerKit
import Tensors

/// A plan with its memory, ready to run again and again; a run allocates nothing.
///
/// A session belongs to one thread at a time. Threads that run at once have a session each, with memory of its own;
/// the sessions may share one plan and one `ParameterStore`.
public final class Session: @unchecked Sendable {  // The caller uses it from one thread at a time.
  public let plan: Plan
  public let parameters: ParameterStore
  /// The rows of the data that the inputs hold, counted from 0, for messages.
  public var rowNumbers: ArraySlice<Int>?
  private let arena: AlignedBlock
  private let clock = RunClock()
  private let steps: [RunStep]

  /// Takes the memory that the plan needs. Throws a limit fault where there is not enough.
  public init(_ plan: Plan, parameters: ParameterStore, executor: any Executor) throws(Fault) {
    precondition(
      parameters.layout.byteCount == plan.layout.byteCount, "parameters of another precision or network")
    self.plan = plan
    self.parameters = parameters
    arena = try AlignedBlock(byteCount: plan.arenaByteCount)
    let gradients = plan.reached.isEmpty ? nil : try parameters.gradients()
    let assembly = Assembly(
      plan: plan, parameters: parameters, gradients: gradients, arena: arena, clock: clock, executor: executor
    )
    steps = try assembly.steps()
    do {
      try perform(steps.prefix(plan.constantStepCount))
    } catch {
      throw (error as? Faults)?.all.first ?? Fault(.program, "\(error)")
    }
  }

  /// Where the caller writes an input before a run; nil where the plan does not read it.
  public func input(_ value: ValueID) -> TensorView? {
    plan.inputs.first { $0.value == value }.map { view($0.buffer, as: $0.value) }
  }

  /// Where a fetched value stands after a run.
  public func output(_ value: ValueID) -> TensorView? {
    plan.fetched[value].map { view($0, as: value) }
  }

  /// Where the gradient of an input stands after a run; nil where none reaches it.
  public func inputGradient(_ value: ValueID) -> TensorView? {
    plan.inputGradients[value].map { view($0, as: value) }
  }

  private func view(_ buffer: BufferID, as value: ValueID) -> TensorView {
    let planned = plan.buffers[buffer.index]
    return TensorView(arena.base + planned.offset, plan.concreteType(of: value) ?? planned.type)
  }

  /// Copies a tensor into an input. Its type and shape must be the input's.
  public func setInput(_ value: ValueID, _ tensor: Tensor) {
    guard let view = input(value) else { return }
    precondition(tensor.shape == view.shape, "an input of another shape")
    tensor.withBytes { bytes in
      if let base = bytes.baseAddress {
        Kernel.cast(from: base, tensor.elementType, to: view.base, view.type.element, count: view.count)
      }
    }
  }

  /// Runs forward, and backward where the plan has gradients.
  ///
  /// Throws a fault that names the node for data that it cannot use.
  public func run(seed: UInt64 = 0, step: Int = 0) throws {
    begin(seed, step)
    try perform(steps.dropFirst(plan.constantStepCount))
  }

  /// Runs forward alone.
  public func runForward(seed: UInt64 = 0, step: Int = 0) throws {
    begin(seed, step)
    try perform(steps[plan.constantStepCount..<plan.forwardStepCount])
  }

  private func begin(_ seed: UInt64, _ step: Int) {
    clock.seed = seed
    clock.step = UInt64(step)
    clock.parameterVersion = parameters.version
    // Forward in training changes states, which stand among the parameters.
    if plan.request.mode == .training { parameters.markChanged() }
  }

  /// Runs forward again and returns the first node that gives a number that is not finite.
  public func firstNotFinite() throws -> String? {
    for index in 0..<plan.forwardStepCount {
      try perform(steps[index...index])
      guard let call = steps[index].forwardCall else { continue }
      for output in call.outputs where !output.isFinite { return call.name }
    }
    return nil
  }

  /// Runs once and returns the nanoseconds that each step took.
  public func profile(seed: UInt64 = 0, step: Int = 0) throws -> [(step: PlanStep, nanoseconds: UInt64)] {
    begin(seed, step)
    var times: [(PlanStep, UInt64)] = []
    for index in plan.constantStepCount..<steps.count {
      let start = Clock.nanoseconds
      try perform(steps[index...index])
      times.append((plan.steps[index], Clock.nanoseconds - start))
    }
    return times
  }

  /// The row that a fault is about: of the data where that is known, else of the input.
  private func rowText(_ call: Call, _ fault: RunFault) -> String {
    let view = call.view(fault.input)
    let rows = max(1, view.shape.first ?? 1)
    let width = max(1, view.count / rows)
    let row = fault.element / width
    let element = width > 1 ? ", element \(fault.element % width)," : ""
    if let rowNumbers, rowNumbers.count == rows {
      return "row \(rowNumbers[rowNumbers.startIndex + row] + 1) of the data\(element)"
    }
    return "row \(row) (counted from 0)\(element)"
  }

  private func perform(_ steps: ArraySlice<RunStep>) throws {
    do {
      for step in steps { try step.perform() }
    } catch let stop as CallFault {
      throw Faults(
        Fault(place: "node \"\(stop.call.name)\"", "\(rowText(stop.call, stop.fault)) \(stop.fault.message)"))
    }
  }
}

extension TensorView {
  /// Calls the body for the float type that the tensor has.
  func withScalars(
    float: (UnsafeMutablePointer<Float>) -> Void, double: (UnsafeMutablePointer<Double>) -> Void
  ) {
    if type.element == .float64 { double(pointer()) } else { float(pointer()) }
  }

  /// Whether no element is infinite or not a number; integers always are finite.
  public var isFinite: Bool {
    switch type.element {
    case .float32: Kernel.allFinite(x: UnsafePointer(pointer(Float.self)), count: count)
    case .float64: Kernel.allFinite(x: UnsafePointer(pointer(Double.self)), count: count)
    case .int32, .bool: true
    }
  }
}
