import LayerKit

extension ComputationGraph {
  /// Puts operations that alone read a convolution into it where `absorb` agrees; returns how many.
  ///
  /// The convolution takes over the outputs, and the parameters behind its own.
  mutating func absorbFollowers(
    _ context: RewriteContext, _ absorb: (inout any ConvolutionLayer, GraphNode) -> Bool
  ) -> Int {
    let (readers, producers) = (readerCounts(), producers())
    var nodes = nodes
    var isAbsorbed = [Bool](repeating: false, count: nodes.count)
    var places = 0
    for index in nodes.indices {
      guard nodes[index].inputs.count == 1, case let value?? = nodes[index].inputs.first,
        readers[value.index] == 1, !context.kept.contains(value)
      else { continue }
      let producer = producers[value.index]
      guard producer >= 0, !isAbsorbed[producer], nodes[producer].outputs.first == value,
        var convolution = nodes[producer].layer as? any ConvolutionLayer, absorb(&convolution, nodes[index])
      else { continue }
      nodes[producer].layer = convolution
      nodes[producer].outputs = nodes[index].outputs
      nodes[producer].parameters += nodes[index].parameters
      isAbsorbed[index] = true
      places += 1
    }
    if places > 0 { replaceNodes(nodes.indices.filter { !isAbsorbed[$0] }.map { nodes[$0] }) }
    return places
  }
}
