import Diagnostics
import LayerKit
import Tensors

/// Puts the steps of a plan in order and says how long each buffer lives.
struct PlanBuilder {
  let network: Network
  let request: PlanRequest
  let graph: ComputationGraph
  /// How many of the first nodes are computed once.
  let constantCount: Int
  let differentiation: Differentiation
  let types: [ConcreteType?]
  let layout: ParameterLayout
  /// By node.
  let signatures: [Signature]
  /// By node: what its backward reads; nil where it has none.
  let reads: [BackwardReads?]
  let recomputation: Recomputation
  var calls: [PlannedCall] = []
  var steps: [PlanStep] = []
  private(set) var buffers: [Buffer] = []
  /// By value: where forward leaves it.
  var bufferOf: [BufferID?]
  /// By value: where the second run of its segment leaves it.
  var remadeBufferOf: [BufferID?]
  /// By value: where its gradient stands.
  var gradientOf: [BufferID?]
  /// By node: the call that backward follows.
  var callOf: [Int]
  /// By node that is run again: the buffers that keep its states.
  var keptStates: [Int: [BufferID?]] = [:]
  /// By segment: whether it was run again.
  var isRemade: [Bool]
  var forwardOperations = 0
  var backwardOperations = 0
  /// Scratch that holds its contents from one run to the next.
  private var keptScratch: [BufferID] = []
  var repeatedOperations = 0
  private var forwardStepCount = 0

  init(
    network: Network, request: PlanRequest, graph: ComputationGraph, constantCount: Int,
    differentiation: Differentiation, types: [ConcreteType?], layout: ParameterLayout
  ) {
    self.network = network
    self.request = request
    self.graph = graph
    self.constantCount = constantCount
    self.differentiation = differentiation
    self.types = types
    self.layout = layout
    let signatures = graph.nodes.map { node in
      Signature(
        inputs: node.inputs.map { $0.map { Self.known(types, $0) } },
        outputs: node.outputs.map { Self.known(types, $0) },
        parameters: node.parameters.map { layout.types[$0.index] }, mode: request.mode,
        isDifferentiated: node.outputs.contains { differentiation.needsGradient[$0.index] })
    }
    let reads: [BackwardReads?] = zip(graph.nodes, signatures).map { node, signature in
      guard signature.isDifferentiated else { return nil }
      return (node.layer as? any DifferentiableLayer)?.backwardReads(signature)
    }
    recomputation = Recomputation(
      graph, signatures, reads: reads, constantCount: request.recomputes ? constantCount : graph.nodes.count,
      kept: Set(request.fetches + request.losses.map(\.value)))
    self.signatures = signatures
    self.reads = reads
    bufferOf = Array(repeating: nil, count: graph.values.count)
    remadeBufferOf = bufferOf
    gradientOf = bufferOf
    callOf = Array(repeating: 0, count: graph.nodes.count)
    isRemade = Array(repeating: false, count: recomputation.repeated.count)
    for input in network.inputs where types[input.value.index] != nil {
      bufferOf[input.value.index] = newBuffer(type(input.value))
    }
  }

  func type(_ value: ValueID) -> ConcreteType { Self.known(types, value) }

  private static func known(_ types: [ConcreteType?], _ value: ValueID) -> ConcreteType {
    guard let found = types[value.index] else { preconditionFailure("value \(value.index) has no type") }
    return found
  }

  mutating func newBuffer(_ type: ConcreteType) -> BufferID {
    buffers.append(Buffer(type: type, offset: 0, life: steps.count...steps.count))
    return BufferID(index: buffers.count - 1)
  }

  /// Says that the step which is added next uses the buffer.
  mutating func touch(_ buffer: BufferID?) {
    guard let buffer else { return }
    let life = buffers[buffer.index].life
    buffers[buffer.index].life = min(life.lowerBound, steps.count)...max(life.upperBound, steps.count)
  }

  mutating func workspace(_ wanted: [Workspace.Buffer], _ element: ElementType) -> [BufferID] {
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
    let overwritable = overwritable(graph.nodes.indices, isKept: keptValues())
    for (index, node) in graph.nodes.enumerated() {
      let signature = signatures[index]
      let inputs = node.inputs.map { $0.flatMap { bufferOf[$0.index] } }
      for (port, output) in node.outputs.enumerated() {
        if port == 0, overwritable[index], let first = inputs.first {
          bufferOf[output.index] = first
        } else {
          bufferOf[output.index] = newBuffer(type(output))
        }
      }
      if recomputation.isRepeated[index] { keepStates(of: index) }
      // What a call saves for a backward that follows another call, is let go at once.
      let call = newCall(index, inputs: inputs, outputs: node.outputs.compactMap { bufferOf[$0.index] })
      callOf[index] = calls.count
      addForward(call)
      if index >= constantCount {
        forwardOperations = saturatingSum(forwardOperations, node.layer.operations(signature))
      }
    }
    forwardStepCount = steps.count
  }

  /// A call of a node with memory of its own for what it saves and for its scratch.
  mutating func newCall(_ index: Int, inputs: [BufferID?], outputs: [BufferID]) -> PlannedCall {
    let signature = signatures[index]
    let floats = signature.outputs + signature.inputs.compactMap { $0 } + signature.parameters
    let element =
      floats.first { $0.element.isFloat }?.element
      ?? ElementType.float32.inPrecision(double: request.inDouble)
    let workspace = graph.nodes[index].layer.workspace(signature)
    let forwardScratch = self.workspace(workspace.forwardScratch, element)
    if let first = workspace.firstKeptScratch { keptScratch += forwardScratch.dropFirst(first) }
    return PlannedCall(
      node: graph.nodes[index], element: element, signature: signature, inputs: inputs, outputs: outputs,
      saved: self.workspace(signature.isDifferentiated ? workspace.saved : [], element),
      forwardScratch: forwardScratch)
  }

  /// Adds a call and the step that runs it forward.
  mutating func addForward(_ call: PlannedCall) {
    for buffer in call.inputs + call.states { touch(buffer) }
    for buffer in call.outputs + call.saved + call.forwardScratch { touch(buffer) }
    calls.append(call)
    steps.append(.forward(calls.count - 1))
  }

  /// By value: whether what forward leaves there is read after the last operation of forward that reads it.
  private func keptValues() -> [Bool] {
    var isKept = [Bool](repeating: false, count: graph.values.count)
    for input in network.inputs { isKept[input.value.index] = true }
    for value in request.fetches + request.losses.map(\.value) { isKept[value.index] = true }
    for value in lastingConstants { isKept[value.index] = true }
    for (index, node) in graph.nodes.enumerated() {
      let isRepeated = recomputation.isRepeated[index]
      for (port, input) in node.inputs.enumerated() {
        guard let input, isRepeated || reads[index]?.readsInput(port) ?? false else { continue }
        if !recomputation.isRemade(input, for: index) { isKept[input.index] = true }
      }
      for (port, output) in node.outputs.enumerated() where !isRepeated {
        if reads[index]?.readsOutput(port) ?? false { isKept[output.index] = true }
      }
    }
    return isKept
  }

  /// The constant values that later operations read.
  var lastingConstants: [ValueID] {
    var isConstant = [Bool](repeating: false, count: graph.values.count)
    for node in graph.nodes.prefix(constantCount) {
      for output in node.outputs { isConstant[output.index] = true }
    }
    return graph.nodes.dropFirst(constantCount).flatMap { node in
      node.inputs.compactMap { $0 }.filter { isConstant[$0.index] }
    }
  }

  /// By node: whether its first output takes the memory of its first input, because none of the `order`
  /// reads that later, and it is not kept.
  func overwritable(_ order: some Sequence<Int>, isKept: [Bool]) -> [Bool] {
    var lastReader = [Int](repeating: -1, count: graph.values.count)
    for index in order {
      for case let input? in graph.nodes[index].inputs { lastReader[input.index] = index }
    }
    return graph.nodes.enumerated().map { index, node in
      guard node.layer.computesInPlace, let input = node.inputs.first ?? nil, let output = node.outputs.first
      else { return false }
      return lastReader[input.index] == index && !isKept[input.index]
        && type(input).byteCount == type(output).byteCount
    }
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
    for buffer in keptScratch { buffers[buffer.index].life = all }
    // What is computed once must be there at every later run.
    for value in lastingConstants {
      guard let buffer = bufferOf[value.index] else { continue }
      buffers[buffer.index].life = buffers[buffer.index].life.lowerBound...steps.count
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
      request: request, calls: calls, steps: steps, constantStepCount: constantCount,
      forwardStepCount: forwardStepCount, buffers: buffers, arenaByteCount: bytes, layout: layout,
      inputs: inputs, fetched: fetched, inputGradients: inputGradients, types: types,
      reached: differentiation.reached, appliedRewrites: applied, forwardOperations: forwardOperations,
      operations: saturatingSum(saturatingSum(forwardOperations, repeatedOperations), backwardOperations),
      repeatedOperations: repeatedOperations)
  }
}
