import LayerKit

/// Folds a norm with fixed numbers into the weights of the convolution before it.
struct FoldConvolutionNorm: Rewrite {
  let name = "convolution-batch-norm"
  let summary = "Folds the norm behind a convolution into its weights, where the network only answers."

  func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    guard context.mode == .inference, !context.isDifferentiated else { return 0 }
    return graph.absorbFollowers(context) { convolution, node in
      guard let norm = node.layer as? any ChannelAffine, node.outputs.count == 1,
        convolution.fusion.norm == nil, convolution.fusion.function == nil
      else { return false }
      convolution.fusion.norm = norm
      return true
    }
  }
}
