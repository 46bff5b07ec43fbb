import LayerKit

/// Puts the function behind a `dense` into the pass that adds its bias.
public struct FuseDenseActivation: Rewrite {
  public let name = "dense-activation"
  public let summary = "Applies the function behind a dense operator in the pass that adds its bias."

  public init() {}

  public func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    graph.joinOperations(context, standing: .maker) { maker, _, reader in
      guard let function = (reader.layer as? ActivationLayer)?.function as? any KernelActivation,
        var dense = maker.layer as? Dense, dense.fused == nil
      else { return nil }
      var joined = maker
      dense.fused = function
      joined.layer = dense
      joined.outputs = reader.outputs
      return joined
    }
  }
}
