import LayerKit

extension Registry {
  /// The attributes of an operator in the order of its schema, those of components that stand inline behind
  /// them; nil for an operator that is not registered.
  public func attributeOrder(_ name: String) -> [String]? {
    guard let schema = versions(.layer, name).last.flatMap({ entry(.layer, name, version: $0)?.schema }) else {
      return nil
    }
    var order = schema.attributes.map(\.name)
    for attribute in schema.attributes {
      guard case .component(let family, _, true) = attribute.kind else { continue }
      for own in entries(family).flatMap(\.schema.attributes) where !order.contains(own.name) {
        order.append(own.name)
      }
    }
    return order
  }
}
