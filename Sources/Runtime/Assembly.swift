import Compiler
import Diagnostics
import LayerKit

/// Turns the places of a plan into views on memory, once, before the first run.
struct Assembly {
  let plan: Plan
  let parameters: ParameterStore
  let gradients: AlignedBlock?
  let arena: AlignedBlock
  let clock: RunClock
  let executor: any Executor

  /// The steps of the plan with their memory.
  func steps() throws(Fault) -> [RunStep] {
    var calls: [Call] = []
    for planned in plan.calls { calls.append(try call(planned)) }
    return plan.steps.compactMap { step in
      switch step {
      case .forward(let index):
        plan.calls[index].element == .float64
          ? ForwardStep<Double>(calls[index], plan.calls[index].node.layer)
          : ForwardStep<Float>(calls[index], plan.calls[index].node.layer)
      case .backward(let index):
        (plan.calls[index].node.layer as? any DifferentiableLayer).map {
          plan.calls[index].element == .float64
            ? BackwardStep<Double>(calls[index], $0) : BackwardStep<Float>(calls[index], $0)
        }
      case .fill(let buffer, let number): FillStep(view(buffer), number)
      case .add(let source, let target): AddStep(view(source), to: view(target))
      case .addNumber(let number, let target): AddNumberStep(number, to: view(target))
      case .addToParameter(let buffer, let parameter):
        gradient(parameter).map { AddStep(view(buffer), to: $0) }
      }
    }
  }

  private func call(_ planned: PlannedCall) throws(Fault) -> Call {
    let signature = planned.signature
    let targets = zip(planned.node.parameters, planned.parameterGradients).map { parameter, target in
      switch target {
      case .block: gradient(parameter)
      case .buffer(let buffer): view(buffer)
      case nil: nil as TensorView?
      }
    }
    let noTargets = [TensorView?](repeating: nil, count: signature.parameters.count)
    return Call(
      name: planned.node.name, mode: signature.mode, isDifferentiated: planned.isDifferentiated,
      clock: clock, executor: executor, inputs: views(planned.inputs, signature.inputs),
      outputs: zip(planned.outputs, signature.outputs).map { TensorView(address($0), $1) },
      parameters: states(planned), saved: planned.saved.map(address),
      forwardScratch: planned.forwardScratch.map(address),
      backwardScratch: planned.backwardScratch.map(address),
      outputGradients: views(planned.outputGradients, signature.outputs),
      inputGradients: views(planned.inputGradients, signature.inputs),
      parameterGradients: planned.parameterGradients.isEmpty ? noTargets : targets,
      prepared: try prepared(planned))
  }

  /// Parameters and states; a call that computes again has copies of the states that it would change.
  private func states(_ planned: PlannedCall) -> [TensorView] {
    planned.node.parameters.enumerated().map { index, parameter in
      if index < planned.states.count, let copy = planned.states[index] { return view(copy) }
      return parameters.view(parameter)
    }
  }

  /// What the layer prepares for this plan. Throws its fault with the node's name.
  private func prepared(_ planned: PlannedCall) throws(Fault) -> AnyObject? {
    do {
      return try planned.node.layer.prepare(planned.signature)
    } catch var fault as Fault {
      if fault.place.isEmpty { fault.place = "node \"\(planned.node.name)\"" }
      throw fault
    } catch {
      let text = (error as? LayerFault)?.message ?? "\(error)"
      throw Fault(place: "node \"\(planned.node.name)\"", text)
    }
  }

  /// Views on buffers, each with the type it has in this call; nil everywhere where no buffers were planned.
  private func views(_ buffers: [BufferID?], _ types: [ConcreteType?]) -> [TensorView?] {
    types.indices.map { index in
      guard index < buffers.count, let buffer = buffers[index], let type = types[index] else { return nil }
      return TensorView(address(buffer), type)
    }
  }

  private func address(_ buffer: BufferID) -> UnsafeMutableRawPointer {
    arena.base + plan.buffers[buffer.index].offset
  }

  private func view(_ buffer: BufferID) -> TensorView {
    TensorView(address(buffer), plan.buffers[buffer.index].type)
  }

  private func gradient(_ parameter: ParameterID) -> TensorView? {
    gradients.map {
      TensorView($0.base + plan.layout.offsets[parameter.index], plan.layout.types[parameter.index])
    }
  }
}
