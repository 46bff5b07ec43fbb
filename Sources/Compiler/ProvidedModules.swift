import GraphFile
import LayerKit

extension Registry {
  /// The registry with those modules that the document needs and that can be had.
  func providing(for document: GraphDocument) -> Registry {
    guard let provide else { return self }
    let missing = document.plugins.map(\.value.name).filter { modules[$0] == nil }
    let blocks = Set(document.blocks.map(\.name.value))
    let nodes = document.nodes + document.blocks.flatMap(\.nodes)
    // An operator that nobody knows may be that of a plugin which the graph forgot to list.
    let isUnknown = nodes.contains { node in
      guard let name = node.op?.value.name else { return false }
      return !blocks.contains(name) && versions(.layer, name).isEmpty
    }
    guard !missing.isEmpty || isUnknown else { return self }
    var registry = self
    provide(missing, &registry)
    return registry
  }
}
