import Diagnostics
import LayerKit
import Tensors

/// Puts the steps of a plan in order and says how long each buffer lives.
struct PlanBuilder {
  let network: Network
  let request: PlanRequest
  let graph: ComputationGraph
  let differentiation: Differentiation
  let types: [ConcreteType?]
  let layout: ParameterLayout
  private var calls: [PlannedCall] = []
  private var steps: [PlanStep] = []
  private var buffers: [Buffer] = []
  private var bufferOf: [BufferID?]
  private var gradientOf: [BufferID?]
  private var forwardOperations = 0
  private var backwardOperations = 0
  private var forwardStepCount = 0

  init(
    network: Network, request: PlanRequest, graph: ComputationGraph, differentiation: Differentiation,
    types: [ConcreteType?]
  ) {
    self.network = network
    self.request = request
    self.graph = graph
    self.differentiation = differentiation
    self.types = types
    layout = ParameterLayout(network, inDouble: request.inDouble)
    bufferOf = Array(repeating: nil, count: graph.values.count)
    gradientOf = bufferOf
    for input in network.inputs where types[input.value.index] != nil {
      bufferOf[input.value.index] = newBuffer(type(input.value))
    }
  }

  private func type(_ value: ValueID) -> ConcreteType {
    guard let found = types[value.index] else { preconditionFailure("value \(value.index) has no type") }
    return found
  }

  private mutating func newBuffer(_ type: ConcreteType) -> BufferID {
    buffers.append(Buffer(type: type, offset: 0, life: steps.count...steps.count))
    return BufferID(index: buffers.count - 1)
  }

  /// Says that the step which is added next uses the buffer.
  private mutating func touch(_ buffer: BufferID?) {
    guard let buffer else { return }
    let life = buffers[buffer.index].life
    buffers[buffer.index].life = min(life.lowerBound, steps.count)...max(life.upperBound, steps.count)
  }

  private mutating func workspace(_ wanted: [Workspace.Buffer], _ element: ElementType) -> [BufferID] {
    wanted.map { buffer in
      switch buffer {
      case .scalars(let count): newBuffer(ConcreteType(element, [count]))
      case .integers(let count): newBuffer(ConcreteType(.int32, [count]))
      case .bytes(let count): newBuffer(ConcreteType(.bool, [count]))
      }
    }
  }

  // MARK: Forward

  mutating func addForward() {
    let differentiated = graph.nodes.map { node in
      node.outputs.contains { differentiation.needsGradient[$0.index] }
    }
    let signatures = zip(graph.nodes, differentiated).map { signature($0, isDifferentiated: $1) }
    let overwritable = overwritableInputs(differentiated, signatures)
    for (index, node) in graph.nodes.enumerated() {
      let signature = signatures[index]
      let floats = signature.outputs + signature.inputs.compactMap { $0 } + signature.parameters
      let element =
        floats.first { $0.element.isFloat }?.element
        ?? ElementType.float32.inPrecision(double: request.inDouble)
      let workspace = node.layer.workspace(signature)
      let inputs = node.inputs.map { $0.flatMap { bufferOf[$0.index] } }
      for (port, output) in node.outputs.enumerated() {
        if port == 0, overwritable[index], let first = inputs.first {
          bufferOf[output.index] = first
        } else {
          bufferOf[output.index] = newBuffer(type(output))
        }
      }
      let call = PlannedCall(
        node: node, element: element, signature: signature, inputs: inputs,
        outputs: node.outputs.compactMap { bufferOf[$0.index] },
        saved: self.workspace(differentiated[index] ? workspace.saved : [], element),
        forwardScratch: self.workspace(workspace.forwardScratch, element))
      for buffer in call.inputs { touch(buffer) }
      for buffer in call.outputs + call.saved + call.forwardScratch { touch(buffer) }
      calls.append(call)
      steps.append(.forward(index))
      forwardOperations = saturatingSum(forwardOperations, node.layer.operations(signature))
    }
    forwardStepCount = steps.count
  }

  private func signature(_ node: GraphNode, isDifferentiated: Bool) -> Signature {
    Signature(
      inputs: node.inputs.map { $0.map(type) }, outputs: node.outputs.map(type),
      parameters: node.parameters.map { layout.types[$0.index] }, mode: request.mode,
      isDifferentiated: isDifferentiated)
  }

  /// By node: whether its first output takes the memory of its first input, because nobody reads that later.
  private func overwritableInputs(_ differentiated: [Bool], _ signatures: [Signature]) -> [Bool] {
    var lastReader = [Int](repeating: -1, count: graph.values.count)
    var isKept = [Bool](repeating: false, count: graph.values.count)
    for input in network.inputs { isKept[input.value.index] = true }
    for value in request.fetches + request.losses.map(\.value) { isKept[value.index] = true }
    for (index, node) in graph.nodes.enumerated() {
      for case let input? in node.inputs { lastReader[input.index] = index }
      guard differentiated[index], let layer = node.layer as? any DifferentiableLayer else { continue }
      let reads = layer.backwardReads(signatures[index])
      for (port, input) in node.inputs.enumerated() {
        if let input, reads.readsInput(port) { isKept[input.index] = true }
      }
      for (port, output) in node.outputs.enumerated() where reads.readsOutput(port) {
        isKept[output.index] = true
      }
    }
    return graph.nodes.enumerated().map { index, node in
      guard node.layer.computesInPlace, let input = node.inputs.first ?? nil, let output = node.outputs.first
      else { return false }
      return lastReader[input.index] == index && !isKept[input.index]
        && type(input).byteCount == type(output).byteCount
    }
  }

  // MARK: Backward

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
    var written = Set<ParameterID>()
    for index in calls.indices.reversed() where calls[index].isDifferentiated {
      addBackward(of: index, written: &written)
    }
  }

  private mutating func addBackward(of index: Int, written: inout Set<ParameterID>) {
    var call = calls[index]
    let node = call.node
    guard let layer = node.layer as? any DifferentiableLayer,
      node.outputs.contains(where: { gradientOf[$0.index] != nil })
    else { return }
    call.outputGradients = node.outputs.map { output in
      guard type(output).element.isFloat else { return nil }
      if let known = gradientOf[output.index] { return known }
      let zeros = newBuffer(type(output))
      steps.append(.fill(zeros, 0))
      return zeros
    }
    let sharesGradient =
      layer.computesInPlace && node.inputs.count == 1 && node.outputs.count == 1
      && call.signature.inputs[0]?.byteCount == call.signature.outputs[0].byteCount
    call.inputGradients = node.inputs.enumerated().map { port, input in
      guard let input, differentiation.needsGradient[input.index], type(input).element.isFloat,
        layer.hasGradient(input: port)
      else { return nil }
      return sharesGradient ? call.outputGradients[0] : newBuffer(type(input))
    }
    var additions: [PlanStep] = []
    call.parameterGradients = node.parameters.map { parameter in
      guard differentiation.reached.contains(parameter) else { return nil }
      if written.insert(parameter).inserted { return .block }
      let buffer = newBuffer(layout.types[parameter.index])
      additions.append(.addToParameter(buffer, parameter))
      return .buffer(buffer)
    }
    call.backwardScratch = workspace(layer.workspace(call.signature).backwardScratch, call.element)
    let reads = layer.backwardReads(call.signature)
    for (port, buffer) in call.inputs.enumerated() where reads.readsInput(port) { touch(buffer) }
    for (port, buffer) in call.outputs.enumerated() where reads.readsOutput(port) { touch(buffer) }
    for buffer in call.saved + call.backwardScratch { touch(buffer) }
    for buffer in call.outputGradients + call.inputGradients { touch(buffer) }
    for case .buffer(let buffer)? in call.parameterGradients { touch(buffer) }
    calls[index] = call
    steps.append(.backward(index))
    for addition in additions {
      if case .addToParameter(let buffer, _) = addition { touch(buffer) }
      steps.append(addition)
    }
    for (port, buffer) in call.inputGradients.enumerated() {
      guard let buffer, let input = node.inputs[port] else { continue }
      if let known = gradientOf[input.index] {
        touch(known)
        touch(buffer)
        steps.append(.add(buffer, to: known))
      } else {
        gradientOf[input.index] = buffer
      }
    }
    backwardOperations = saturatingSum(
      backwardOperations, saturatingProduct(2, layer.operations(call.signature)))
  }

  // MARK: Memory

  mutating func finish(applied: [String]) throws -> Plan {
    var fetched: [ValueID: BufferID] = [:]
    var inputGradients: [ValueID: BufferID] = [:]
    let inputs = network.inputs.compactMap { input in
      bufferOf[input.value.index].map { (value: input.value, buffer: $0) }
    }
    // What the caller writes or reads lives as long as the plan.
    let all = 0...steps.count
    for input in inputs { buffers[input.buffer.index].life = all }
    for value in request.fetches + request.losses.map(\.value) {
      guard let buffer = bufferOf[value.index] else { continue }
      buffers[buffer.index].life = all
      fetched[value] = buffer
    }
    for value in request.inputGradients {
      guard let buffer = gradientOf[value.index] else { continue }
      buffers[buffer.index].life = buffers[buffer.index].life.lowerBound...steps.count
      inputGradients[value] = buffer
    }
    let bytes = MemoryPlanner.place(&buffers)
    let total = saturatingSum(bytes, saturatingProduct(2, layout.byteCount))
    if total > request.memoryLimit {
      throw Faults(
        Fault(
          .limit, "the plan needs \(total) bytes of memory, over the limit of \(request.memoryLimit)"))
    }
    return Plan(
      request: request, calls: calls, steps: steps, forwardStepCount: forwardStepCount, buffers: buffers,
      arenaByteCount: bytes, layout: layout, inputs: inputs, fetched: fetched,
      inputGradients: inputGradients, types: types, reached: differentiation.reached,
      appliedRewrites: applied,
      forwardOperations: forwardOperations,
      operations: saturatingSum(forwardOperations, backwardOperations))
  }
}
