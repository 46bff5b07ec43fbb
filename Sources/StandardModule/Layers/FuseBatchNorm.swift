import LayerKit

/// Puts an addition and a rectifier behind a `batch_norm` into the pass that normalises.
public struct FuseBatchNorm: Rewrite {
  public let name = "batch-norm-followers"
  public let summary = "Adds and rectifies what a training batch_norm gives in the pass that normalises."

  public init() {}

  public func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    // Where the network only answers, the norm may go into what stands before it.
    guard context.mode == .training || context.isDifferentiated else { return 0 }
    let types = graph.values.map(\.type)
    let additions = graph.absorbIntoNorms(context) { norm, value, follower in
      guard follower.layer is Add, follower.inputs.count == 2, norm.inputs.count == 1,
        let place = follower.inputs.firstIndex(of: value), let other = follower.inputs[1 - place],
        types[other.index] == types[value.index]
      else { return false }
      norm.inputs.append(other)
      return true
    }
    let rectifiers = graph.absorbIntoNorms(context) { norm, _, follower in
      guard (follower.layer as? ActivationLayer)?.function is ReLU, var layer = norm.layer as? BatchNorm
      else { return false }
      layer.rectifies = true
      norm.layer = layer
      return true
    }
    return additions + rectifiers
  }
}

extension ComputationGraph {
  /// Puts an operation that alone reads a norm into it where `absorb` agrees; returns how many.
  ///
  /// The norm moves to where the operation stood, behind all that the operation reads.
  fileprivate mutating func absorbIntoNorms(
    _ context: RewriteContext, _ absorb: (inout GraphNode, ValueID, GraphNode) -> Bool
  ) -> Int {
    let (readers, producers) = (readerCounts(), producers())
    var nodes = nodes
    var isAbsorbed = [Bool](repeating: false, count: nodes.count)
    var places = 0
    for index in nodes.indices {
      for case let value? in nodes[index].inputs {
        let producer = producers[value.index]
        guard producer >= 0, !isAbsorbed[producer], readers[value.index] == 1, !context.kept.contains(value),
          nodes[producer].segment == nodes[index].segment,
          let norm = nodes[producer].layer as? BatchNorm, !norm.rectifies
        else { continue }
        var joined = nodes[producer]
        guard absorb(&joined, value, nodes[index]) else { continue }
        joined.outputs = nodes[index].outputs
        nodes[index] = joined
        isAbsorbed[producer] = true
        places += 1
        break
      }
    }
    if places > 0 { replaceNodes(nodes.indices.filter { !isAbsorbed[$0] }.map { nodes[$0] }) }
    return places
  }
}
