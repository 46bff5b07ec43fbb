import Compiler
import Diagnostics
import LayerKit

/// One step of a plan with everything it touches looked up.
enum RunStep {
  case forward(Call, any Layer, inDouble: Bool)
  case backward(Call, any DifferentiableLayer, inDouble: Bool)
  case fill(TensorView, Double)
  case add(TensorView, to: TensorView)
  case addNumber(Double, to: TensorView)
}

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
        .forward(calls[index], plan.calls[index].node.layer, inDouble: plan.calls[index].element == .float64)
      case .backward(let index):
        (plan.calls[index].node.layer as? any DifferentiableLayer).map {
          .backward(calls[index], $0, inDouble: plan.calls[index].element == .float64)
        }
      case .fill(let buffer, let number): .fill(view(buffer), number)
      case .add(let source, let target): .add(view(source), to: view(target))
      case .addNumber(let number, let target): .addNumber(number, to: view(target))
      case .addToParameter(let buffer, let parameter):
        gradient(parameter).map { .add(view(buffer), to: $0) }
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
      parameters: planned.node.parameters.map(parameters.view), saved: planned.saved.map(address),
      forwardScratch: planned.forwardScratch.map(address),
      backwardScratch: planned.backwardScratch.map(address),
      outputGradients: views(planned.outputGradients, signature.outputs),
      inputGradients: views(planned.inputGradients, signature.inputs),
      parameterGradients: planned.parameterGradients.isEmpty ? noTargets : targets,
      prepared: try prepared(planned))
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
