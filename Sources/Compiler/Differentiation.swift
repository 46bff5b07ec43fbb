import Diagnostics
import LayerKit

/// Which values of a graph have a gradient that somebody needs.
///
/// A value is needed where a trainable parameter or an asked-for input stands before it and a loss after it,
/// joined by operations that gradients pass through. Nothing else is differentiated.
struct Differentiation {
  /// By value: whether its gradient is computed.
  private(set) var needsGradient: [Bool]
  /// By parameter: whether a gradient reaches it.
  private(set) var reached: Set<ParameterID> = []

  /// Throws a fault for each operation on the way that has no gradient of its own.
  init(
    _ graph: ComputationGraph, losses: [ValueID], inputs: [ValueID], isTrainable: (ParameterID) -> Bool
  ) throws {
    var depends = [Bool](repeating: false, count: graph.values.count)
    for input in inputs { depends[input.index] = true }
    func passes(_ node: GraphNode, _ port: Int) -> Bool {
      guard let value = node.inputs[port], graph[value].type.element.isFloat else { return false }
      return (node.layer as? any DifferentiableLayer)?.hasGradient(input: port) ?? true
    }
    for node in graph.nodes {
      let hasSource =
        node.parameters.contains(where: isTrainable)
        || node.inputs.indices.contains { port in
          node.inputs[port].map { depends[$0.index] } ?? false && passes(node, port)
        }
      if hasSource {
        for output in node.outputs where graph[output].type.element.isFloat { depends[output.index] = true }
      }
    }
    var wanted = [Bool](repeating: false, count: graph.values.count)
    for loss in losses { wanted[loss.index] = true }
    var faults: [Fault] = []
    for node in graph.nodes.reversed() {
      guard node.outputs.contains(where: { wanted[$0.index] && depends[$0.index] }) else { continue }
      guard node.layer is any DifferentiableLayer else {
        faults.append(
          Fault(
            place: "\"\(node.name)\"",
            "operator \"\(node.layer.schema.name)\" has no gradient, but stands between a trainable "
              + "parameter and the loss"))
        continue
      }
      for parameter in node.parameters where isTrainable(parameter) { reached.insert(parameter) }
      for port in node.inputs.indices where passes(node, port) {
        if let input = node.inputs[port] { wanted[input.index] = true }
      }
    }
    if !faults.isEmpty { throw Faults(faults) }
    needsGradient = zip(depends, wanted).map { $0 && $1 }
  }
}
