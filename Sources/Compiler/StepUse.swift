import LayerKit

/// What one step of a plan reads and writes, each buffer and parameter once.
public struct StepUse: Hashable, Sendable {
  /// The buffers that hold something which the step reads.
  public var reads: [BufferID] = []
  /// The buffers that hold something which later steps read, or whoever runs the plan.
  public var writes: [BufferID] = []
  /// The parameters and states whose values it reads.
  public var parametersRead: [ParameterID] = []
  /// The parameters to whose gradients it writes or adds.
  public var gradientsWritten: [ParameterID] = []
}

extension Plan {
  /// What a step reads and writes; scratch, which nobody else sees, is not counted.
  ///
  /// A backward call reads parameters where it gives the gradient of an input, and not where it gives those of
  /// parameters alone.
  public func use(of step: PlanStep) -> StepUse {
    var use = StepUse()
    switch step {
    case .forward(let index):
      let call = calls[index]
      use.reads = (call.inputs + call.states).compactMap { $0 }
      use.writes = call.outputs + call.saved
      use.parametersRead = call.node.parameters
    case .backward(let index):
      let call = calls[index]
      let layer = call.node.layer as? any DifferentiableLayer
      let kept = layer?.backwardReads(call.signature) ?? .nothing
      use.reads = call.outputGradients.compactMap { $0 } + call.saved
      use.reads += call.inputs.enumerated().compactMap { kept.readsInput($0) ? $1 : nil }
      use.reads += call.outputs.enumerated().compactMap { kept.readsOutput($0) ? $1 : nil }
      use.writes = call.inputGradients.compactMap { $0 }
      if !use.writes.isEmpty { use.parametersRead = call.node.parameters }
      for (parameter, target) in zip(call.node.parameters, call.parameterGradients) {
        switch target {
        case .block: use.gradientsWritten.append(parameter)
        case .buffer(let buffer): use.writes.append(buffer)
        case nil: break
        }
      }
    case .fill(let buffer, _): use.writes = [buffer]
    case .add(let source, let target): (use.reads, use.writes) = ([source, target], [target])
    case .addNumber(_, let target): (use.reads, use.writes) = ([target], [target])
    case .addToParameter(let buffer, let parameter):
      use.reads = [buffer]
      use.gradientsWritten = [parameter]
    }
    use.reads = use.reads.withoutRepetitions
    use.writes = use.writes.withoutRepetitions
    return use
  }

  /// The bytes that a step has to move between memory and the processor: all that it reads, and all that it
  /// writes. A step that looks up a few rows of a table moves less, one that adds to a gradient more.
  public func byteCount(of use: StepUse) -> Int {
    let buffers = (use.reads + use.writes).map { self.buffers[$0.index].type.byteCount }
    let parameters = (use.parametersRead + use.gradientsWritten).map { layout.types[$0.index].byteCount }
    return (buffers + parameters).reduce(0, saturatingSum)
  }

  /// The floating-point operations of a step, as `operations` counts them; sums of gradients count none.
  public func operations(of step: PlanStep) -> Int {
    switch step {
    case .forward(let index): calls[index].node.layer.operations(calls[index].signature)
    case .backward(let index): calls[index].backwardOperations
    case .fill, .add, .addNumber, .addToParameter: 0
    }
  }
}

extension PlannedCall {
  /// The floating-point operations of the backward call: twice as many as forward; as many where a layer with
  /// parameters is asked for the gradients of its parameters alone, or of its inputs alone.
  public var backwardOperations: Int {
    let operations = node.layer.operations(signature)
    let sides = [parameterGradients.contains { $0 != nil }, inputGradients.contains { $0 != nil }]
    let isHalf = !signature.parameters.isEmpty && sides.filter { $0 }.count == 1
    return isHalf ? operations : saturatingProduct(2, operations)
  }
}

extension [BufferID] {
  fileprivate var withoutRepetitions: [BufferID] {
    var seen: Set<BufferID> = []
    return filter { seen.insert($0).inserted }
  }
}
