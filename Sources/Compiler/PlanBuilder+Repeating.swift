import LayerKit

// What backward needs of a segment is computed again before it.
extension PlanBuilder {
  /// Whether backward of a node reads what the second run of its segment makes.
  func readsRemade(_ index: Int) -> Bool {
    guard let reads = reads[index] else { return false }
    return recomputation.isRepeated[index]
      || graph.nodes[index].inputs.enumerated().contains { port, input in
        input.map { reads.readsInput(port) && recomputation.isRemade($0, for: index) } ?? false
      }
  }

  /// Before a node runs for the first time: copies the states that this run changes, for the second one.
  mutating func keepStates(of index: Int) {
    let node = graph.nodes[index]
    let isChanged = node.parameters.map { request.mode == .training && network.parameters[$0.index].isState }
    guard isChanged.contains(true) else { return }
    keptStates[index] = zip(node.parameters, isChanged).map { parameter, isChanged in
      guard isChanged else { return nil }
      let type = layout.types[parameter.index]
      let buffer = newBuffer(type)
      addForward(
        PlannedCall(
          node: GraphNode(
            name: node.name, layer: KeptState(), inputs: [], outputs: [], parameters: [parameter]),
          element: type.element,
          signature: Signature(
            inputs: [], outputs: [type], parameters: [type], mode: request.mode, isDifferentiated: false),
          inputs: [], outputs: [buffer], saved: [], forwardScratch: []))
      return buffer
    }
  }

  /// By node that is run again: whether its first output takes the memory of its first input in that run.
  func overwritableWhenRemade() -> [Bool] {
    if recomputation.repeated.isEmpty { return Array(repeating: false, count: graph.nodes.count) }
    var isKept = [Bool](repeating: true, count: graph.values.count)
    for index in recomputation.repeated.joined() {
      for output in graph.nodes[index].outputs { isKept[output.index] = false }
    }
    for (index, node) in graph.nodes.enumerated() {
      guard let reads = reads[index], recomputation.segmentOf[index] != nil else { continue }
      for (port, input) in node.inputs.enumerated() where reads.readsInput(port) {
        if let input { isKept[input.index] = true }
      }
      for (port, output) in node.outputs.enumerated() where reads.readsOutput(port) {
        isKept[output.index] = true
      }
    }
    // A value that was made in another segment is read from where forward left it.
    for index in recomputation.repeated.joined() {
      if let input = graph.nodes[index].inputs.first ?? nil, !recomputation.isRemade(input, for: index) {
        isKept[input.index] = true
      }
    }
    return overwritable(recomputation.repeated.joined(), isKept: isKept)
  }

  /// Adds the second run of a segment.
  mutating func remake(_ segment: Int, _ overwritable: [Bool]) {
    isRemade[segment] = true
    for index in recomputation.repeated[segment] {
      let node = graph.nodes[index]
      let inputs = inputsWhenRemade(index)
      for (port, output) in node.outputs.enumerated() {
        if port == 0, overwritable[index], let first = inputs.first {
          remadeBufferOf[output.index] = first
        } else {
          remadeBufferOf[output.index] = newBuffer(type(output))
        }
      }
      var call = newCall(
        index, inputs: inputs, outputs: node.outputs.compactMap { remadeBufferOf[$0.index] })
      call.isRepeated = true
      call.states = keptStates[index] ?? []
      callOf[index] = calls.count
      addForward(call)
      repeatedOperations = saturatingSum(repeatedOperations, node.layer.operations(signatures[index]))
    }
  }

  /// The call that backward of a node follows; a new one where it reads values of the second run, but is no
  /// part of it.
  mutating func backwardCall(of index: Int) -> Int {
    guard !recomputation.isRepeated[index], readsRemade(index) else { return callOf[index] }
    var call = calls[callOf[index]]
    call.inputs = inputsWhenRemade(index)
    call.isRepeated = true
    calls.append(call)
    return calls.count - 1
  }

  /// Where the inputs of a node stand when its segment was run again.
  private func inputsWhenRemade(_ index: Int) -> [BufferID?] {
    graph.nodes[index].inputs.map { input in
      input.flatMap { recomputation.isRemade($0, for: index) ? remadeBufferOf[$0.index] : bufferOf[$0.index] }
    }
  }
}
