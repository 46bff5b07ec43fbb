import LayerKit
import Tensors

/// Makes the operations of a network from its nodes: what the graph means, before any rewrite.
///
/// An `activation` attribute becomes an operation of its own, and an operator that reads through a value (a
/// loss that is meant from the logits) is fed from what that value was computed from.
struct Lowering {
  private(set) var graph: ComputationGraph

  init(values: [GraphValue]) {
    graph = ComputationGraph()
    for value in values { _ = graph.add(value: value) }
  }

  /// Adds the operations of one node.
  mutating func add(
    name: String, layer: any Layer, inputs: [ValueID?], outputs: [ValueID], parameters: [ParameterID],
    segment: String? = nil
  ) {
    guard let activation = layer.activation, let result = outputs.first else {
      graph.add(
        node: GraphNode(
          name: name, layer: layer, inputs: inputs, outputs: outputs, parameters: parameters, segment: segment
        ))
      return
    }
    let argument = graph.add(
      value: GraphValue(name: "\(name) before its activation", type: graph[result].type))
    graph.add(
      node: GraphNode(
        name: name, layer: layer, inputs: inputs, outputs: [argument] + outputs.dropFirst(),
        parameters: parameters, segment: segment))
    graph.add(
      node: GraphNode(
        name: name, layer: ActivationLayer(activation), inputs: [argument], outputs: [result],
        parameters: [], segment: segment))
  }

  /// Feeds operators that read through their inputs, and returns the finished graph.
  mutating func finish() -> ComputationGraph {
    let producers = graph.producers()
    var nodes = graph.nodes
    for index in nodes.indices {
      for port in nodes[index].inputs.indices {
        guard let reader = nodes[index].layer as? any ReadsThrough, let input = nodes[index].inputs[port],
          producers[input.index] >= 0
        else { continue }
        let producer = graph.nodes[producers[input.index]]
        guard producer.outputs.first == input, let source = producer.inputs.first ?? nil else { continue }
        let types = producer.inputs.map { $0.map { graph[$0].type } }
        if let layer = reader.reading(input: port, through: producer.layer, of: types) {
          nodes[index].layer = layer
          nodes[index].inputs[port] = source
        }
      }
    }
    graph.replaceNodes(nodes)
    return graph
  }
}
