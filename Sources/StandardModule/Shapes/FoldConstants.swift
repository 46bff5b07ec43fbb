import LayerKit

/// Finds what every run would compute again from constants alone; the plan computes it once, as far as the
/// results are small.
public struct FoldConstants: Rewrite {
  public let name = "constant-folding"
  public let summary = "Computes what depends on constants alone once, when the plan is opened."

  public init() {}

  public func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int {
    var isConstant = [Bool](repeating: false, count: graph.values.count)
    var nodes = graph.nodes
    var places = 0
    for index in nodes.indices {
      guard nodes[index].parameters.isEmpty, !nodes[index].layer.drawsRandomNumbers else { continue }
      // What counts the places of an axis reads its size alone, which a plan knows.
      if nodes[index].layer is IndexRange {
        nodes[index].inputs = [nil]
      } else if !nodes[index].inputs.allSatisfy({ $0.map { isConstant[$0.index] } ?? true }) {
        continue
      }
      for output in nodes[index].outputs { isConstant[output.index] = true }
      nodes[index].isConstant = true
      places += 1
    }
    if places > 0 { graph.replaceNodes(nodes) }
    return places
  }
}
