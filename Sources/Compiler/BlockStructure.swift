import GraphFile
import LayerKit

/// How the blocks of a document use each other.
struct BlockStructure {
  /// The blocks by name; one with the name of an operator is none.
  let index: [String: Int]
  /// By block: how many levels of blocks a use of it opens; nil where one of them reaches itself.
  let depths: [Int?]
  /// Blocks that reach themselves through each other.
  let cycles: [[Int]]

  init(_ document: GraphDocument, _ registry: Registry) {
    var index: [String: Int] = [:]
    for (place, block) in document.blocks.enumerated() where index[block.name.value] == nil {
      if registry.versions(.layer, block.name.value).isEmpty { index[block.name.value] = place }
    }
    self.index = index
    let uses = document.blocks.map { block in
      block.nodes.compactMap { node in node.op.flatMap { index[$0.value.name] } }
    }
    let order = NodeOrder.order(sources: uses)
    var depths = [Int?](repeating: nil, count: uses.count)
    for block in order { depths[block] = 1 + (uses[block].compactMap { depths[$0] }.max() ?? 0) }
    self.depths = depths
    cycles = NodeOrder.cycles(sources: uses, among: uses.indices.filter { depths[$0] == nil })
  }

  /// The block that a node uses.
  func block(of node: NodeDeclaration) -> Int? { node.op.flatMap { index[$0.value.name] } }
}
