import Diagnostics
import JSONText
import LayerKit
import Tensors

/// Reads the keys of a JSON object as the attributes that a schema declares.
///
/// It goes on after a fault, so that all of them are found; `faults` holds what it found.
struct AttributeReader {
  let registry: Registry
  /// The modules whose components the graph may use.
  let modules: Set<String>
  /// Symbols that the caller bound to sizes.
  let bindings: [String: Int]
  /// The symbols of the graph's inputs; nil where they are not known.
  let symbols: Set<String>?
  let limits: ShapeLimits
  var faults = FaultList()
  /// The names of the operators that the graph may use.
  let operators: [String]
  /// Whether a plugin that the graph lists is not there: what is unknown may be its.
  let isMissingPlugin: Bool
  /// How many values were met that are not known: arguments of a block that nothing uses, components of a
  /// plugin that is not there.
  var unknownValues = 0

  init(
    registry: Registry, modules: Set<String>, bindings: [String: Int], symbols: Set<String>?,
    limits: ShapeLimits
  ) {
    self.registry = registry
    self.modules = modules
    self.bindings = bindings
    self.symbols = symbols
    self.limits = limits
    operators = registry.names(.layer, of: modules)
    isMissingPlugin = modules.contains { registry.modules[$0] == nil }
  }

  /// Reads `members` by `schema`; nil where there is a fault. `reserved` are further keys that may stand
  /// there, `outer` those that were taken out before.
  mutating func read(
    _ members: [JSONMember], _ schema: Schema, place: @autoclosure () -> String, at text: TextPlace?,
    reserved: [String] = [], outer: [String] = []
  ) -> Attributes? {
    let before = (faults.reported, unknownValues)
    let inlined = inlined(members, schema)
    let misspelt = reportUnknownKeys(members, schema, inlined, reserved, outer, place())
    var values = Attributes()
    for attribute in schema.attributes {
      let name = attribute.name
      guard let member = members.first(where: { $0.key == name }) else {
        if let standard = attribute.standard {
          values[name] = resolved(standard, attribute)
        } else if attribute.isRequired, !misspelt.contains(name) {
          faults.append(
            at: text, inside(place(), name),
            "missing; \"\(schema.name)\" needs \(attribute.kind.expectation(registry, modules))")
        }
        continue
      }
      if case .component(let family, _, true) = attribute.kind {
        let own = members.filter { member in inlined.attributes.contains { $0.name == member.key } }
        values[name] = component(
          family, member.value, own, place: inside(place(), name), outer: place(), at: text
        )
        .map(AttributeValue.component)
      } else {
        values[name] = value(member.value, attribute.kind, place: inside(place(), name))
      }
    }
    return before == (faults.reported, unknownValues) ? values : nil
  }

  /// What may stand beside an attribute that names a component.
  private struct Inlined {
    var attributes: [Attribute] = []
    /// Where the component's name is faulty: what any component of the family accepts.
    var possible: [String] = []
    /// Whether the component may be that of a plugin which is not there, and its attributes anything.
    var isOpen = false
  }

  private func inlined(_ members: [JSONMember], _ schema: Schema) -> Inlined {
    var found = Inlined()
    for attribute in schema.attributes {
      guard case .component(let family, let key, true) = attribute.kind else { continue }
      if let name = members.first(where: { $0.key == key })?.value.string,
        let entry = registry.entry(family, name)
      {
        found.attributes += entry.schema.attributes
      } else {
        found.possible += registry.entries(family).flatMap { $0.schema.attributes.map(\.name) }
        found.isOpen = isMissingPlugin
      }
    }
    return found
  }

  /// Reports the keys that are not accepted, and returns the accepted ones that they were probably meant for.
  private mutating func reportUnknownKeys(
    _ members: [JSONMember], _ schema: Schema, _ inlined: Inlined, _ reserved: [String],
    _ outer: [String], _ place: @autoclosure () -> String
  ) -> Set<String> {
    var misspelt: Set<String> = []
    var names: (accepted: [String], absent: [String])?
    for member in members where !member.isExtension {
      let key = member.key
      let isKnown =
        schema.attributes.contains { $0.name == key } || reserved.contains(key)
        || inlined.attributes.contains { $0.name == key } || inlined.possible.contains(key)
      guard !isKnown, !faults.isFull else { continue }
      let (accepted, absent) =
        names
        ?? {
          let accepted = (schema.attributes + inlined.attributes).map(\.name) + reserved
          return (accepted, accepted.filter { name in !members.contains { $0.key == name } })
        }()
      names = (accepted, absent)
      let near = nearest(to: key, among: absent)
      if near == nil, inlined.isOpen { continue }
      if let near { misspelt.insert(near) }
      let list = accepted.isEmpty ? "none" : accepted.joined(separator: ", ")
      faults.append(
        at: member.keyTextPlace, inside(place(), key.excerpt()),
        "unknown key \"\(key.excerpt())\" of \"\(schema.name)\"; accepted: \(list)",
        nearest: near ?? nearest(to: key, among: accepted + inlined.possible + outer))
    }
    return misspelt
  }

  /// Makes a component of `family` from a name and its attributes' members.
  mutating func component(
    _ family: Family, _ name: JSONValue, _ members: [JSONMember], reserved: [String] = [],
    place: @autoclosure () -> String, outer: @autoclosure () -> String, at text: TextPlace?
  ) -> (any Component)? {
    guard let entry = entry(family, name, place: place()),
      let attributes = read(members, entry.schema, place: outer(), at: text, reserved: reserved)
    else { return nil }
    return make(entry, attributes, members, place: outer(), at: text)
  }

  /// The registered component that a JSON string names.
  mutating func entry(
    _ family: Family, _ name: JSONValue, place: @autoclosure () -> String
  ) -> Registry.Entry? {
    if name.isUnknown {
      unknownValues += 1
      return nil
    }
    guard let word = name.string else {
      faults.append(
        at: name.textPlace, place(), "expected the name of \(family.article), found \(name.excerpt)")
      return nil
    }
    if let entry = registry.entry(family, word) {
      if modules.contains(entry.module) { return entry }
      faults.append(at: name.textPlace, place(), unlisted(family, word, entry.module))
      return nil
    }
    if let owner = registry.absentModules.components[family]?[word], !modules.contains(owner) {
      faults.append(at: name.textPlace, place(), unlisted(family, word, owner))
      return nil
    }
    let known = names(family)
    let near = nearest(to: word, among: known)
    if isMissingPlugin, near == nil {
      unknownValues += 1
      return nil
    }
    faults.append(
      at: name.textPlace, place(),
      "unknown \(family.rawValue) \(name.excerpt); accepted: \(known.joined(separator: ", "))", nearest: near)
    return nil
  }

  /// What is said of a component whose module the graph does not list.
  func unlisted(_ family: Family, _ name: String, _ module: String) -> String {
    "\(family.rawValue) \"\(name)\" belongs to plugin \"\(module)\", which the graph does not list; add "
      + "\"\(module)\" to \"plugins\""
  }

  /// The names of a family that the graph may use.
  func names(_ family: Family) -> [String] { registry.names(family, of: modules) }

  /// Makes a component from attributes that were read from `members`.
  mutating func make(
    _ entry: Registry.Entry, _ attributes: Attributes, _ members: [JSONMember],
    place: @autoclosure () -> String, at text: TextPlace?
  ) -> (any Component)? {
    do {
      return try entry.item.component(attributes)
    } catch let fault as LayerFault {
      let value = fault.attribute.flatMap { name in members.first { $0.key == name }?.value }
      let own = fault.attribute.map { inside(place(), $0) } ?? place()
      let message = "\"\(entry.schema.name)\": \(fault.message)"
      faults.append(at: value?.textPlace ?? text, own, value?.beside(message) ?? message)
    } catch {
      faults.append(at: text, place(), "\"\(entry.schema.name)\": \(error)")
    }
    return nil
  }

  /// The value of a default, with the component that it names.
  private func resolved(_ standard: AttributeValue, _ attribute: Attribute) -> AttributeValue? {
    guard case .named(let name, let given) = standard else { return standard }
    guard case .component(let family, _, _) = attribute.kind, let entry = registry.entry(family, name) else {
      preconditionFailure(
        "attribute \"\(attribute.name)\" has the default \"\(name)\", which is not registered")
    }
    var values = Attributes()
    for own in entry.schema.attributes {
      if let value = given[own.name] ?? own.standard { values[own.name] = resolved(value, own) }
    }
    do {
      return .component(try entry.item.component(values))
    } catch {
      preconditionFailure("attribute \"\(attribute.name)\" has a default that is refused: \(error)")
    }
  }
}

/// How large a shape that a file writes may be.
struct ShapeLimits: Sendable {
  var rank: Int
  var dimension: Int
}

extension Registry {
  fileprivate func names(_ family: Family, of modules: Set<String>) -> [String] {
    names(family).filter { name in
      versions(family, name).contains { version in
        entry(family, name, version: version).map { modules.contains($0.module) } ?? false
      }
    }
  }
}

extension JSONValue {
  /// A message that also shows the value as the file writes it.
  func beside(_ message: String) -> String {
    message.contains(excerpt) ? message : "\(message), found \(excerpt)"
  }
}

extension Family {
  /// `an activation`, `a loss`.
  var article: String { "aeiou".contains(rawValue.first ?? "x") ? "an \(rawValue)" : "a \(rawValue)" }
}

private func inside(_ place: String, _ key: String) -> String { place.isEmpty ? key : "\(place), \(key)" }
