import Diagnostics
import LayerKit

/// What is wrong with the defaults of a plugin's components that name other components.
///
/// Every one that is named must be there, in `registry` or among them, and take the values that stand beside
/// its name: a default is not checked again once its component is registered.
func defaultFaults(
  of components: [ComponentDefinition], _ identity: PluginIdentity, in registry: Registry
) -> [Fault] {
  let checker = DefaultChecker(components: components, registry: registry)
  var faults: [Fault] = []
  for component in components {
    for attribute in component.schema.attributes {
      guard case .named(let name, let values)? = attribute.standard,
        case .component(let family, _, _) = attribute.kind,
        let message = checker.fault(of: name, values, family)
      else { continue }
      let place = "\(component.family.rawValue) \"\(component.schema.name)\", attribute \"\(attribute.name)\""
      faults.append(Fault(.plugin, file: identity.file, place: "\(place), default", message))
    }
  }
  return faults
}

private struct DefaultChecker {
  let components: [ComponentDefinition]
  let registry: Registry

  func fault(of name: String, _ values: [String: AttributeValue], _ family: Family) -> String? {
    let own = components.first { $0.family == family && $0.schema.name == name && $0.schema.version == 1 }
    guard let definition = registry.entry(family, name)?.item ?? own else {
      let known = registry.names(family) + components.filter { $0.family == family }.map(\.schema.name)
      let near = nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
      return "there is no \(family.rawValue) \"\(name.excerpt())\"\(near)"
    }
    let schema = definition.schema
    if let key = values.keys.sorted().first(where: { key in !schema.attributes.contains { $0.name == key } })
    {
      return "\(family.rawValue) \"\(name)\" has no attribute \"\(key.excerpt())\""
    }
    var attributes = Attributes()
    for attribute in schema.attributes {
      if case .named? = attribute.standard {
        return "\(family.rawValue) \"\(name)\" names another by default"
      }
      if let value = values[attribute.name] {
        guard attribute.kind.takes(value) else {
          return "\"\(name)\", \(attribute.name): expected \(attribute.kind.expected)"
        }
        attributes[attribute.name] = value
      } else if let standard = attribute.standard {
        attributes[attribute.name] = standard
      } else if attribute.isRequired {
        return "\(family.rawValue) \"\(name)\" needs \"\(attribute.name)\": \(attribute.kind.expected)"
      }
    }
    do {
      _ = try definition.component(attributes)
    } catch {
      return "\"\(name)\": \((error as? LayerFault)?.message ?? "\(error)")"
    }
    return nil
  }
}

extension Attribute.Kind {
  /// Whether a plain value is one of the kind.
  fileprivate func takes(_ value: AttributeValue) -> Bool {
    switch (self, value) {
    case (.integer(let range), .integer(let integer)): range.contains(integer)
    case (.number(let range), .number(let number)): range.contains(number)
    case (.number(let range), .integer(let integer)): range.contains(Double(integer))
    case (.boolean, .boolean): true
    case (.word(let words), .word(let word)): words.contains(word)
    case (.text, .word): true
    default: false
    }
  }
}
