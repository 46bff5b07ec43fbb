extension ComputationGraph {
  /// Where one operation stands that takes the place of a maker and a reader of a value: among the makers of what
  /// others read, or behind all that the reader reads.
  public enum JoinedPlace: Sendable { case maker, reader }

  /// Makes one operation of two, wherever a value has one reader, nobody else needs it, and `join` agrees; returns
  /// how many. `join` gets the maker of the value, the value, and its reader.
  public mutating func joinOperations(
    _ context: RewriteContext, standing place: JoinedPlace,
    _ join: (_ maker: GraphNode, _ value: ValueID, _ reader: GraphNode) -> GraphNode?
  ) -> Int {
    let (readers, producers) = (readerCounts(), producers())
    var nodes = nodes
    var isAbsorbed = [Bool](repeating: false, count: nodes.count)
    var places = 0
    for index in nodes.indices {
      for case let value? in nodes[index].inputs {
        let producer = producers[value.index]
        guard producer >= 0, !isAbsorbed[producer], readers[value.index] == 1, !context.kept.contains(value),
          let joined = join(nodes[producer], value, nodes[index])
        else { continue }
        nodes[place == .maker ? producer : index] = joined
        isAbsorbed[place == .maker ? index : producer] = true
        places += 1
        break
      }
    }
    if places > 0 { replaceNodes(nodes.indices.filter { !isAbsorbed[$0] }.map { nodes[$0] }) }
    return places
  }
}
