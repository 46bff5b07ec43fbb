import LayerKit

/// Lets convolutions, and what stands between them, compute with the channels on the last axis.
///
/// That is the order in which the loops of convolutions, pools and norms run over neighbouring numbers. Values
/// are turned around where such operators begin and where they end.
struct ChannelsLast: Rewrite {
  let name = "channels-last"
  let summary = "Keeps the channels of what stands between convolutions on the last axis."

  func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    var turning = Turning(graph)
    for node in graph.nodes { turning.append(node) }
    for value in context.kept { turning.turnBack(value) }
    if turning.places > 0 { graph = turning.finished() }
    return turning.places
  }
}

/// A graph while its values are turned around, operation by operation.
private struct Turning {
  private var graph: ComputationGraph
  private var nodes: [GraphNode] = []
  /// By the index of a value: the same value with its channels last.
  private var turned: [Int: ValueID] = [:]
  /// The values that are there with their channels last alone.
  private var missing = Set<Int>()
  /// By the index of a value: the segment of the operation that makes it.
  private var segments: [Int: String] = [:]
  private(set) var places = 0

  init(_ graph: ComputationGraph) { self.graph = graph }

  func finished() -> ComputationGraph {
    var result = graph
    result.replaceNodes(nodes)
    return result
  }

  mutating func append(_ node: GraphNode) {
    guard let layer = turnedLayer(node) else {
      for case let input? in node.inputs { turnBack(input, for: node.segment) }
      note(node)
      nodes.append(node)
      return
    }
    note(node)
    var node = node
    node.layer = layer
    for (port, input) in node.inputs.enumerated() {
      if let input { node.inputs[port] = turnedInput(input, for: node.segment) }
    }
    for (port, output) in node.outputs.enumerated() where graph[output].type.rank > 2 {
      node.outputs[port] = addTurned(output)
      missing.insert(output.index)
    }
    nodes.append(node)
    places += 1
  }

  /// Makes a value in the usual order where there is none.
  mutating func turnBack(_ value: ValueID, for segment: String? = nil) {
    guard missing.remove(value.index) != nil, let source = turned[value.index] else { return }
    nodes.append(turn(value, from: source, to: value, .first, segment))
  }

  /// The layer that takes a node's place; nil where the node stays as it is.
  private func turnedLayer(_ node: GraphNode) -> (any Layer)? {
    guard let layer = node.layer as? any ChannelsLastLayer else { return nil }
    var types: [ValueType] = []
    for input in node.inputs {
      guard let input, layer is any ConvolutionLayer || turned[input.index] != nil else { return nil }
      types.append(graph[input].type)
    }
    guard !types.isEmpty, types.allSatisfy({ $0.rank > 2 && $0.element == .float32 }) else { return nil }
    return layer.channelsLast(types)
  }

  private mutating func note(_ node: GraphNode) {
    for output in node.outputs { segments[output.index] = node.segment }
  }

  private mutating func turnedInput(_ value: ValueID, for segment: String?) -> ValueID {
    if let found = turned[value.index] { return found }
    let result = addTurned(value)
    nodes.append(turn(value, from: value, to: result, .last, segment))
    return result
  }

  private mutating func addTurned(_ value: ValueID) -> ValueID {
    var copy = graph[value]
    copy.name += " (channels last)"
    copy.type.shape = [copy.type.shape[0]] + copy.type.shape[2...] + [copy.type.shape[1]]
    let result = graph.add(value: copy)
    turned[value.index] = result
    return result
  }

  private func turn(
    _ value: ValueID, from source: ValueID, to target: ValueID, _ place: ChannelTurn.Place,
    _ segment: String?
  ) -> GraphNode {
    GraphNode(
      name: graph[value].name, layer: ChannelTurn(place), inputs: [source], outputs: [target], parameters: [],
      segment: segments[value.index] == segment ? segment : nil)
  }
}
