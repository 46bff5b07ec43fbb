import LayerKit

/// Puts the function behind a convolution into the pass that adds its bias.
struct FuseConvolutionActivation: Rewrite {
  let name = "convolution-activation"
  let summary =
    "Applies the function behind a convolution to each part of the result while it is in the cache."

  func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    graph.absorbFollowers(context) { convolution, node in
      guard let function = (node.layer as? ActivationLayer)?.function as? any KernelActivation,
        convolution.fusion.function == nil
      else { return false }
      convolution.fusion.function = function
      return true
    }
  }
}
