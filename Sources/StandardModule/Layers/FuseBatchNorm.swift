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
    let additions = joinNorms(in: &graph, context) { norm, value, follower in
      guard follower.layer is Add, follower.inputs.count == 2, norm.inputs.count == 1,
        let place = follower.inputs.firstIndex(of: value), let other = follower.inputs[1 - place],
        types[other.index] == types[value.index]
      else { return false }
      norm.inputs.append(other)
      return true
    }
    let rectifiers = joinNorms(in: &graph, context) { norm, _, follower in
      guard (follower.layer as? ActivationLayer)?.function is ReLU, var layer = norm.layer as? BatchNorm
      else { return false }
      layer.rectifies = true
      norm.layer = layer
      return true
    }
    return additions + rectifiers
  }

  /// The norm moves to where its follower stood, behind all that the follower reads.
  private func joinNorms(
    in graph: inout ComputationGraph, _ context: RewriteContext,
    _ absorb: (inout GraphNode, ValueID, GraphNode) -> Bool
  ) -> Int {
    graph.joinOperations(context, standing: .reader) { maker, value, follower in
      guard maker.segment == follower.segment, let norm = maker.layer as? BatchNorm, !norm.rectifies
      else { return nil }
      var joined = maker
      guard absorb(&joined, value, follower) else { return nil }
      joined.outputs = follower.outputs
      return joined
    }
  }
}
