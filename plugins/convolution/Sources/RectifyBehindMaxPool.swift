import LayerKit

/// Moves the rectifier before a max pool into it, where fewer numbers are left.
///
/// The maximum of what is positive is what is positive of the maximum; where that is 0, no gradient passes.
struct RectifyBehindMaxPool: Rewrite {
  let name = "max-pool-relu"
  let summary = "Applies relu to the maxima of a pool in place of all that it reads."

  func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    let (readers, producers) = (graph.readerCounts(), graph.producers())
    var nodes = graph.nodes
    var isAbsorbed = [Bool](repeating: false, count: nodes.count)
    var places = 0
    for index in nodes.indices {
      guard var pool = nodes[index].layer as? any MaxPoolLayer, case let value?? = nodes[index].inputs.first,
        readers[value.index] == 1, !context.kept.contains(value), producers[value.index] >= 0
      else { continue }
      let producer = producers[value.index]
      guard nodes[producer].segment == nodes[index].segment,
        let function = (nodes[producer].layer as? ActivationLayer)?.function as? any KernelActivation,
        function.kernel.function == .relu
      else { continue }
      pool.fusion.rectifies = true
      nodes[index].layer = pool
      nodes[index].inputs = nodes[producer].inputs
      isAbsorbed[producer] = true
      places += 1
    }
    if places > 0 { graph.replaceNodes(nodes.indices.filter { !isAbsorbed[$0] }.map { nodes[$0] }) }
    return places
  }
}
