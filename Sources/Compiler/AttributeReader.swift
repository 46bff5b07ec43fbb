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
  let limits: ShapeLimits
  var faults: [Fault] = []

  /// Reads `members` by `schema`; nil where there is a fault. `reserved` are further keys that may stand there.
  mutating func read(
    _ members: [JSONMember], _ schema: Schema, place: String, at text: TextPlace, reserved: [String] = []
  ) -> Attributes? {
    let before = faults.count
    var accepted = schema.attributes
    var inlined: [Attribute] = []
    for attribute in schema.attributes {
      guard case .component(let family, let key, true) = attribute.kind,
        let name = members.first(where: { $0.key == key })?.value.string,
        let entry = registry.entry(family, name)
      else { continue }
      inlined += entry.schema.attributes
    }
    accepted += inlined
    let names = accepted.map(\.name) + reserved
    var found: [String: JSONMember] = [:]
    for member in members where !member.key.hasPrefix("x-") && !reserved.contains(member.key) {
      if accepted.contains(where: { $0.name == member.key }) {
        found[member.key] = member
      } else {
        reportUnknownKey(member, accepted: names, schema, place)
      }
    }
    var values = Attributes()
    for attribute in schema.attributes {
      let own = place.isEmpty ? attribute.name : "\(place), \(attribute.name)"
      guard let member = found[attribute.name] else {
        if let standard = attribute.standard {
          values[attribute.name] = resolved(standard, attribute)
        } else if attribute.isRequired {
          faults.append(
            Fault(
              text: text, place: own,
              "missing; \"\(schema.name)\" needs \(attribute.kind.expectation(registry, modules))"))
        }
        continue
      }
      if case .component(let family, _, true) = attribute.kind {
        values[attribute.name] = inlinedComponent(
          member, family, members: inlined.compactMap { found[$0.name] }, place: own, at: text)
      } else {
        values[attribute.name] = value(member.value, attribute.kind, place: own)
      }
    }
    return faults.count == before ? values : nil
  }

  /// Makes a component of `family` from a name and its attributes' members.
  mutating func component(
    _ family: Family, _ name: JSONValue, _ members: [JSONMember], reserved: [String] = [], place: String,
    at text: TextPlace
  ) -> (any Component)? {
    guard let entry = entry(family, name, place: place) else { return nil }
    let outer = place
    guard let attributes = read(members, entry.schema, place: outer, at: text, reserved: reserved) else {
      return nil
    }
    return make(entry, attributes, place: place, at: text)
  }

  /// The registered component that a JSON string names.
  mutating func entry(_ family: Family, _ name: JSONValue, place: String) -> Registry.Entry? {
    guard let word = name.string else {
      faults.append(
        Fault(
          text: name.place, place: place,
          "expected the name of \(family.article), found \(name.excerpt)"))
      return nil
    }
    if let entry = registry.entry(family, word) {
      if modules.contains(entry.module) { return entry }
      faults.append(
        Fault(
          text: name.place, place: place,
          "\(family.rawValue) \"\(word)\" belongs to plugin \"\(entry.module)\", which the graph does not list; "
            + "add \"\(entry.module)\" to \"plugins\""))
      return nil
    }
    let known = names(family)
    faults.append(
      Fault(
        text: name.place, place: place,
        "unknown \(family.rawValue) \(name.excerpt); accepted: \(known.joined(separator: ", "))",
        nearest: nearest(to: word, among: known)))
    return nil
  }

  /// The names of a family that the graph may use.
  func names(_ family: Family) -> [String] {
    registry.entries(family).filter { modules.contains($0.module) }.map(\.schema.name)
  }

  mutating func make(
    _ entry: Registry.Entry, _ attributes: Attributes, place: String, at text: TextPlace
  ) -> (any Component)? {
    do {
      return try entry.item.init(attributes)
    } catch let fault as LayerFault {
      let own = fault.attribute.map { "\(place), \($0)" } ?? place
      faults.append(Fault(text: text, place: own, fault.message))
    } catch {
      faults.append(Fault(text: text, place: place, "\(error)"))
    }
    return nil
  }

  private mutating func inlinedComponent(
    _ member: JSONMember, _ family: Family, members: [JSONMember], place: String, at text: TextPlace
  ) -> AttributeValue? {
    guard let entry = entry(family, member.value, place: place) else { return nil }
    // Unknown keys were reported with the outer object's; here only the component's own are passed.
    let outer = place.split(separator: ",").dropLast().joined(separator: ",")
    guard let attributes = read(members, entry.schema, place: outer, at: text) else { return nil }
    return make(entry, attributes, place: place, at: member.value.place).map(AttributeValue.component)
  }

  private mutating func reportUnknownKey(
    _ member: JSONMember, accepted: [String], _ schema: Schema, _ place: String
  ) {
    let list = accepted.isEmpty ? "none" : accepted.joined(separator: ", ")
    faults.append(
      Fault(
        text: member.keyPlace, place: place.isEmpty ? member.key.excerpt() : "\(place), \(member.key.excerpt())",
        "unknown key \"\(member.key.excerpt())\" of \"\(schema.name)\"; accepted: \(list)",
        nearest: nearest(to: member.key, among: accepted)))
  }

  /// The value of a default, with the component that it names.
  private func resolved(_ standard: AttributeValue, _ attribute: Attribute) -> AttributeValue? {
    guard case .named(let name, let given) = standard else { return standard }
    guard case .component(let family, _, _) = attribute.kind, let entry = registry.entry(family, name) else {
      preconditionFailure("attribute \"\(attribute.name)\" has the default \"\(name)\", which is not registered")
    }
    var values = Attributes()
    for own in entry.schema.attributes {
      if let value = given[own.name] ?? own.standard { values[own.name] = resolved(value, own) }
    }
    do {
      return .component(try entry.item.init(values))
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

extension Family {
  /// `an activation`, `a loss`.
  var article: String { "aeiou".contains(rawValue.first ?? "x") ? "an \(rawValue)" : "a \(rawValue)" }
}
