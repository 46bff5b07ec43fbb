import LayerKit

// The steps that compute gradients.
extension PlanBuilder {
  mutating func addBackward() {
    for term in request.losses where differentiation.needsGradient[term.value.index] {
      if let known = gradientOf[term.value.index] {
        touch(known)
        steps.append(.addNumber(term.weight, to: known))
      } else {
        let buffer = newBuffer(type(term.value))
        steps.append(.fill(buffer, term.weight))
        gradientOf[term.value.index] = buffer
      }
    }
    let overwritable = overwritableWhenRemade()
    var written = Set<ParameterID>()
    for index in graph.nodes.indices.reversed() where signatures[index].isDifferentiated {
      addBackward(of: index, written: &written, overwritable)
    }
  }

  private mutating func addBackward(
    of index: Int, written: inout Set<ParameterID>, _ overwritable: [Bool]
  ) {
    let node = graph.nodes[index]
    guard let layer = node.layer as? any DifferentiableLayer, let reads = reads[index],
      node.outputs.contains(where: { gradientOf[$0.index] != nil })
    else { return }
    if readsRemade(index), let segment = recomputation.segmentOf[index], !isRemade[segment] {
      remake(segment, overwritable)
    }
    let number = backwardCall(of: index)
    var call = calls[number]
    call.outputGradients = outputGradients(of: node)
    let sharesGradient =
      layer.computesInPlace && node.inputs.count == 1 && node.outputs.count == 1
      && call.signature.inputs[0]?.byteCount == call.signature.outputs[0].byteCount
    call.inputGradients = node.inputs.enumerated().map { port, input in
      guard let input, differentiation.needsGradient[input.index], type(input).element.isFloat,
        layer.hasGradient(input: port)
      else { return nil }
      return sharesGradient ? call.outputGradients[0] : newBuffer(type(input))
    }
    var additions: [(buffer: BufferID, parameter: ParameterID)] = []
    call.parameterGradients = node.parameters.map { parameter in
      guard differentiation.reached.contains(parameter) else { return nil }
      if written.insert(parameter).inserted { return .block }
      let buffer = newBuffer(layout.types[parameter.index])
      additions.append((buffer, parameter))
      return .buffer(buffer)
    }
    call.backwardScratch = workspace(layer.workspace(call.signature).backwardScratch, call.element)
    for (port, buffer) in call.inputs.enumerated() where reads.readsInput(port) { touch(buffer) }
    for (port, buffer) in call.outputs.enumerated() where reads.readsOutput(port) { touch(buffer) }
    for buffer in call.saved + call.backwardScratch { touch(buffer) }
    for buffer in call.outputGradients + call.inputGradients + call.states { touch(buffer) }
    for addition in additions { touch(addition.buffer) }
    calls[number] = call
    steps.append(.backward(number))
    for addition in additions {
      touch(addition.buffer)
      steps.append(.addToParameter(addition.buffer, addition.parameter))
    }
    addUp(call.inputGradients, of: node)
    backwardOperations = saturatingSum(backwardOperations, call.backwardOperations)
  }

  /// Where the gradients of a node's outputs stand: zeros where none has come.
  private mutating func outputGradients(of node: GraphNode) -> [BufferID?] {
    node.outputs.map { output in
      guard type(output).element.isFloat else { return nil }
      if let known = gradientOf[output.index] { return known }
      let zeros = newBuffer(type(output))
      steps.append(.fill(zeros, 0))
      return zeros
    }
  }

  /// Adds the gradients that a node gave to those that its inputs have.
  private mutating func addUp(_ gradients: [BufferID?], of node: GraphNode) {
    for (port, buffer) in gradients.enumerated() {
      guard let buffer, let input = node.inputs[port] else { continue }
      if let known = gradientOf[input.index] {
        touch(known)
        touch(buffer)
        steps.append(.add(buffer, to: known))
      } else {
        gradientOf[input.index] = buffer
      }
    }
  }
}
