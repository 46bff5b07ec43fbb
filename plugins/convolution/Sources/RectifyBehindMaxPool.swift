import LayerKit

/// Moves the rectifier before a max pool into it, where fewer numbers are left.
///
/// The maximum of what is positive is what is positive of the maximum; where that is 0, no gradient passes.
struct RectifyBehindMaxPool: Rewrite {
  let name = "max-pool-relu"
  let summary = "Applies relu to the maxima of a pool in place of all that it reads."

  func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    graph.joinOperations(context, standing: .reader) { maker, _, reader in
      guard maker.segment == reader.segment, var pool = reader.layer as? any MaxPoolLayer,
        let function = (maker.layer as? ActivationLayer)?.function as? any KernelActivation,
        function.kernel.function == .relu
      else { return nil }
      var joined = reader
      pool.fusion.rectifies = true
      joined.layer = pool
      joined.inputs = maker.inputs
      return joined
    }
  }
}
