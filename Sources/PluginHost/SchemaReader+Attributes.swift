import Diagnostics
import JSONText
import LayerKit
import Tensors

extension SchemaReader {
  /// The keys that each kind of attribute has besides those that all have.
  private static let kinds: [(name: String, keys: [String])] = [
    ("integer", ["minimum", "maximum"]), ("number", ["minimum", "above", "maximum", "below"]),
    ("boolean", []), ("word", ["words"]), ("text", []), ("integers", ["minimum", "maximum"]),
    ("integers_or_integer", ["minimum", "maximum"]), ("word_or_integers", ["words", "minimum", "maximum"]),
    ("numbers", []), ("element_type", []), ("activation", []), ("initializer", []),
  ]

  mutating func readAttributes(_ json: JSONValue) -> [Attribute] {
    var found: [Attribute] = []
    for (index, entry) in (array(json, "attributes") ?? []).enumerated() {
      if let attribute = readAttribute(entry, "attributes[\(index)]") { found.append(attribute) }
    }
    reportRepeats(found.map(\.name), "attributes")
    return found
  }

  private mutating func readAttribute(_ json: JSONValue, _ place: String) -> Attribute? {
    guard json.members != nil else {
      refuse(json, place, "an object")
      return nil
    }
    if let name = json["name"]?.string, !attributeNames.contains(name) { attributeNames.append(name) }
    guard let word = required(json, "kind", place), let known = kind(word, "\(place), kind") else {
      return nil
    }
    _ = members(json, place, ["name", "kind", "summary", "default", "optional"] + known.keys)
    let name = required(json, "name", place).flatMap { self.name($0, "\(place), name") }
    let summary = required(json, "summary", place).flatMap { nonempty($0, "\(place), summary") }
    let isOptional = json["optional"].flatMap { truth($0, "\(place), optional") } ?? false
    let kind = readKind(known.name, json, place)
    guard let name, let summary, let kind else { return nil }
    if family == .layer, Schema.nodeKeys.contains(name) {
      report("\(place), name", "\"\(name)\" is a key of every node and no attribute")
    }
    var attribute = Attribute(name, kind, optional: isOptional, summary)
    if let standard = json["default"] {
      attribute.standard = value(standard, kind, "\(place), default")
    }
    return attribute
  }

  private mutating func kind(_ json: JSONValue, _ place: String) -> (name: String, keys: [String])? {
    if let word = json.string, let found = Self.kinds.first(where: { $0.name == word }) { return found }
    let names = Self.kinds.map(\.name)
    report(
      place, "unknown kind \(json.excerpt); accepted: \(names.joined(separator: ", "))",
      nearest: json.string.flatMap { nearest(to: $0, among: names) })
    return nil
  }

  private mutating func readKind(_ name: String, _ json: JSONValue, _ place: String) -> Attribute.Kind? {
    switch name {
    case "integer": return readRange(json, place).map(Attribute.Kind.integer)
    case "number": return readNumberRange(json, place).map(Attribute.Kind.number)
    case "boolean": return .boolean
    case "word": return readWords(json, place).map(Attribute.Kind.word)
    case "text": return .text
    case "integers": return readRange(json, place).map(Attribute.Kind.integers)
    case "integers_or_integer": return readRange(json, place).map(Attribute.Kind.integersOrInteger)
    case "word_or_integers":
      let (words, range) = (readWords(json, place), readRange(json, place))
      guard let words, let range else { return nil }
      return .wordOrIntegers(words, range)
    case "numbers": return .numbers
    case "element_type": return .elementType
    case "activation": return .component(.activation, key: "function", inlined: false)
    default: return .component(.initializer, key: "kind", inlined: false)
    }
  }

  private mutating func readRange(_ json: JSONValue, _ place: String) -> ClosedRange<Int>? {
    let before = faults.count
    let lower = json["minimum"].map { integer($0, "\(place), minimum") ?? 0 } ?? .min
    let upper = json["maximum"].map { integer($0, "\(place), maximum") ?? 0 } ?? .max
    guard faults.count == before else { return nil }
    if lower <= upper { return lower...upper }
    report("\(place), maximum", "\(upper) is below the minimum, \(lower)")
    return nil
  }

  private mutating func readNumberRange(_ json: JSONValue, _ place: String) -> NumberRange? {
    let before = faults.count
    var range = NumberRange.finite
    for (key, other) in [("minimum", "above"), ("maximum", "below")] where json[key] != nil {
      if json[other] != nil { report("\(place), \(other)", "stands beside `\(key)`; a bound is one of them") }
    }
    if let bound = json["minimum"] { range.lower = number(bound, "\(place), minimum") ?? 0 }
    if let bound = json["above"] {
      range.lower = number(bound, "\(place), above") ?? 0
      range.includesLower = false
    }
    if let bound = json["maximum"] { range.upper = number(bound, "\(place), maximum") ?? 0 }
    if let bound = json["below"] {
      range.upper = number(bound, "\(place), below") ?? 0
      range.includesUpper = false
    }
    guard faults.count == before else { return nil }
    let isEmpty =
      range.lower > range.upper
      || range.lower == range.upper && !(range.includesLower && range.includesUpper)
    if !isEmpty { return range }
    report(place, "no number lies between the bounds \(range.lower.short) and \(range.upper.short)")
    return nil
  }

  private mutating func readWords(_ json: JSONValue, _ place: String) -> [String]? {
    guard let list = required(json, "words", place), let words = strings(list, "\(place), words") else {
      return nil
    }
    if words.isEmpty { report("\(place), words", "needs one word or more") }
    reportRepeats(words, "\(place), words")
    return words
  }

  // MARK: Defaults

  private mutating func value(_ json: JSONValue, _ kind: Attribute.Kind, _ place: String) -> AttributeValue? {
    let found: AttributeValue? =
      switch kind {
      case .integer(let range):
        json.integer.flatMap { range.contains($0) ? .integer($0) : nil }
      case .number(let range):
        json.double.flatMap { range.contains($0) ? .number($0) : nil }
      case .boolean: json.boolean.map(AttributeValue.boolean)
      case .word(let words): json.string.flatMap { words.contains($0) ? .word($0) : nil }
      case .text: json.string.map(AttributeValue.word)
      case .integers(let range): integers(json, range)
      case .integersOrInteger(let range):
        json.integer.flatMap { range.contains($0) ? .integers([$0]) : nil } ?? integers(json, range)
      case .wordOrIntegers(let words, let range):
        json.string.flatMap { words.contains($0) ? .word($0) : nil } ?? integers(json, range)
      case .numbers: nestedNumbers(json).map(AttributeValue.numbers)
      case .elementType: json.string.flatMap(ElementType.init(rawValue:)).map(AttributeValue.elementType)
      case .component(_, let key, _): named(json, key: key)
      case .shape: nil
      }
    if found == nil { refuse(json, place, kind.expected) }
    return found
  }

  private func integers(_ json: JSONValue, _ range: ClosedRange<Int>) -> AttributeValue? {
    guard let elements = json.elements else { return nil }
    let found = elements.compactMap(\.integer)
    return found.count == elements.count && found.allSatisfy(range.contains) ? .integers(found) : nil
  }

  /// A number, or nested arrays of numbers of one length at each depth.
  private func nestedNumbers(_ json: JSONValue) -> NestedNumbers? {
    guard let elements = json.elements else {
      return json.double.map { NestedNumbers(shape: [], values: [$0]) }
    }
    let parts = elements.compactMap(nestedNumbers)
    guard let first = parts.first, parts.count == elements.count,
      parts.allSatisfy({ $0.shape == first.shape })
    else { return nil }
    return NestedNumbers(shape: [parts.count] + first.shape, values: parts.flatMap(\.values))
  }

  /// A component by name, or as an object whose `key` is the name.
  private func named(_ json: JSONValue, key: String) -> AttributeValue? {
    if let name = json.string { return .named(name) }
    guard let members = json.members, let name = json[key]?.string else { return nil }
    var values: [String: AttributeValue] = [:]
    for member in members where member.key != key {
      switch member.value.kind {
      case .number(let number):
        guard
          let value = number.integer.map(AttributeValue.integer) ?? number.double.map(AttributeValue.number)
        else { return nil }
        values[member.key] = value
      case .boolean(let truth): values[member.key] = .boolean(truth)
      case .string(let word): values[member.key] = .word(word)
      default: return nil
      }
    }
    return .named(name, values)
  }
}

extension Attribute.Kind {
  /// What a value of the kind is, in the words of a message.
  var expected: String {
    switch self {
    case .integer(let range): range.integerText()
    case .number(let range): range.description
    case .boolean: "true or false"
    case .word(let words): quoted(words)
    case .text: "a text"
    case .integers(let range): "an array, each \(range.integerText())"
    case .integersOrInteger(let range):
      "\(range.integerText()), or an array of them"
    case .wordOrIntegers(let words, let range):
      "\(quoted(words)), or an array, each \(range.integerText())"
    case .shape: "an array of sizes"
    case .numbers: "a number or nested arrays of numbers of equal length"
    case .elementType: quoted(ElementType.allCases.map(\.rawValue))
    case .component(let family, let key, _):
      "the name of an \(family.rawValue), or an object with `\(key)` and plain values"
    }
  }

  private func quoted(_ words: [String]) -> String { words.map { "\"\($0)\"" }.joined(separator: " or ") }
}
