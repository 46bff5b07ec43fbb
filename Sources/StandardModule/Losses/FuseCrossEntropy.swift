import LayerKit

/// Lets `cross_entropy` of logits keep its gradient from the forward pass.
public struct FuseSoftmaxCrossEntropy: Rewrite {
  public let name = "softmax-cross-entropy"
  public let summary = "Computes cross_entropy of logits and its gradient in one pass."

  public init() {}

  public func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    fuseLosses(of: CrossEntropyLoss.self, in: &graph)
  }
}

/// Lets `binary_cross_entropy` of logits keep its gradient from the forward pass.
public struct FuseSigmoidCrossEntropy: Rewrite {
  public let name = "sigmoid-cross-entropy"
  public let summary = "Computes binary_cross_entropy of logits and its gradient in one pass."

  public init() {}

  public func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    fuseLosses(of: BinaryCrossEntropyLoss.self, in: &graph)
  }
}

/// Replaces every loss of a kind by its fused form, where it has one, and says how many there were.
private func fuseLosses<Kind: Loss>(of: Kind.Type, in graph: inout ComputationGraph) -> Int {
  var nodes = graph.nodes
  var places = 0
  for index in nodes.indices {
    guard var layer = nodes[index].layer as? LossLayer, let kind = layer.kind as? Kind, let fused = kind.fused
    else { continue }
    layer.kind = fused
    nodes[index].layer = layer
    places += 1
  }
  if places > 0 { graph.replaceNodes(nodes) }
  return places
}
