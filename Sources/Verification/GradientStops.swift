import Compiler
import LayerKit

/// What reaches the loss through an input that an operator keeps gradients away from, as `stop_gradient` does.
///
/// There differences see a slope that backward leaves out on purpose, so the two cannot be compared.
struct GradientStops {
  private var values = Set<ValueID>()
  private var parameters = Set<ParameterID>()

  init(_ network: Network, losses: [LossTerm]) {
    let graph = network.graph
    var reaching = Set(losses.map(\.value))
    for node in graph.nodes.reversed() where node.outputs.contains(where: reaching.contains) {
      let isStopped = node.outputs.contains(where: values.contains)
      if isStopped { parameters.formUnion(node.parameters) }
      for (port, input) in node.inputs.enumerated() {
        guard let input, graph[input].type.element.isFloat else { continue }
        reaching.insert(input)
        if isStopped || stops(node, port, graph) { values.insert(input) }
      }
    }
  }

  /// Whether the operator has a float output that depends on the input, but passes no gradient on.
  private func stops(_ node: GraphNode, _ port: Int, _ graph: ComputationGraph) -> Bool {
    guard let layer = node.layer as? any DifferentiableLayer, !layer.hasGradient(input: port) else {
      return false
    }
    return node.outputs.contains { graph[$0].type.element.isFloat }
  }

  func note(_ value: ValueID) -> String? { values.contains(value) ? GradientStops.note : nil }
  func note(_ parameter: ParameterID) -> String? { parameters.contains(parameter) ? GradientStops.note : nil }

  private static let note = "not compared: it also reaches the loss by a way on which gradients are stopped"
}
