import LayerKit

/// Puts the function behind a `dense` into the pass that adds its bias.
public struct FuseDenseActivation: Rewrite {
  public let name = "dense-activation"
  public let summary = "Applies the function behind a dense operator in the pass that adds its bias."

  public init() {}

  public func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    let readers = graph.readerCounts()
    let producers = graph.producers()
    var nodes = graph.nodes
    var isAbsorbed = [Bool](repeating: false, count: nodes.count)
    var places = 0
    for index in nodes.indices {
      guard let function = (nodes[index].layer as? ActivationLayer)?.function as? any KernelActivation,
        case let value?? = nodes[index].inputs.first, readers[value.index] == 1, !context.kept.contains(value)
      else { continue }
      let producer = producers[value.index]
      guard producer >= 0, var dense = nodes[producer].layer as? Dense, dense.fused == nil else { continue }
      dense.fused = function
      nodes[producer].layer = dense
      nodes[producer].outputs = nodes[index].outputs
      isAbsorbed[index] = true
      places += 1
    }
    if places > 0 { graph.replaceNodes(nodes.indices.filter { !isAbsorbed[$0] }.map { nodes[$0] }) }
    return places
  }
}
