import GraphFile
import LayerKit

extension Registry {
  /// The registry with those modules that the document needs and that can be had.
  func providing(for document: GraphDocument) -> Registry {
    guard let provide else { return self }
    let missing = document.plugins.map(\.value.name).filter { modules[$0] == nil }
    // An operator that nobody knows may be that of a plugin which the graph forgot to list.
    guard !missing.isEmpty || unknownNodes(of: document).contains(where: { _ in true }) else { return self }
    var registry = self
    provide(missing, &registry)
    return registry
  }

  /// The nodes whose operator is neither registered nor a block of the document.
  func unknownNodes(of document: GraphDocument) -> some Sequence<NodeDeclaration> {
    let blocks = Set(document.blocks.map(\.name.value))
    return ([document.nodes] + document.blocks.map(\.nodes)).lazy.joined().filter { node in
      guard let op = node.op?.value.name else { return false }
      return !blocks.contains(op) && !knows(.layer, op)
    }
  }
}
