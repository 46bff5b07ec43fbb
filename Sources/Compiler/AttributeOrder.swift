import GraphFile
import LayerKit

extension Registry {
  /// The attributes of an operator in the order of its schema, for the canonical form; nil for an unknown name.
  ///
  /// The own attributes of a component that is written beside its name (`alpha` of an `activation` node's
  /// function) stand behind the operator's.
  public func attributeOrder(of operatorName: String) -> [String]? {
    let versions = versions(.layer, operatorName)
    guard !versions.isEmpty else { return nil }
    var order: [String] = []
    for case let entry? in versions.map({ entry(.layer, operatorName, version: $0) }) {
      order += entry.schema.attributes.map(\.name)
      for attribute in entry.schema.attributes {
        guard case .component(let family, _, true) = attribute.kind else { continue }
        order += entries(family).flatMap { $0.schema.attributes.map(\.name) }
      }
    }
    var seen = Set<String>()
    return order.filter { seen.insert($0).inserted }
  }

  /// The canonical form of a document, with attributes in the order of their schemas.
  public func canonicalForm(of document: GraphDocument) -> String {
    let order = CachedOrder(providing(for: document))
    return CanonicalForm.write(document) { order[$0] }
  }
}

/// The orders that were asked for, so that a large graph does not sort its operators again and again.
private final class CachedOrder {
  private let registry: Registry
  private var known: [String: [String]?] = [:]

  init(_ registry: Registry) { self.registry = registry }

  subscript(name: String) -> [String]? {
    if let found = known[name] { return found }
    let order = registry.attributeOrder(of: name)
    known[name] = .some(order)
    return order
  }
}
