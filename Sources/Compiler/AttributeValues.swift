import Diagnostics
import JSONText
import LayerKit
import Tensors

extension AttributeReader {
  /// The value of one attribute; nil, with a fault, where it is not of its kind.
  mutating func value(
    _ json: JSONValue, _ kind: Attribute.Kind, place: @autoclosure () -> String
  ) -> AttributeValue? {
    switch kind {
    case .integer(let range):
      if let found = json.integer, range.contains(found) { return .integer(found) }
    case .number(let range):
      if let found = json.double, range.contains(found) { return .number(found) }
    case .boolean:
      if let found = json.boolean { return .boolean(found) }
    case .word(let words):
      if let found = json.string { return word(found, among: words, json, kind, place: place()) }
    case .text:
      if let found = json.string { return .word(found) }
    case .integers(let range):
      if let elements = json.elements { return integers(elements, range, place: place()) }
    case .integersOrInteger(let range):
      if let found = json.integer, range.contains(found) { return .integers([found]) }
      if let elements = json.elements { return integers(elements, range, place: place()) }
    case .wordOrIntegers(let words, let range):
      if let found = json.string { return word(found, among: words, json, kind, place: place()) }
      if let elements = json.elements { return integers(elements, range, place: place()) }
    case .shape(let inferred):
      return shape(json, inferred: inferred, place: place()).map(AttributeValue.shape)
    case .numbers:
      return numbers(json, place: place())
    case .elementType:
      if let word = json.string {
        if let found = ElementType(rawValue: word) { return .elementType(found) }
        let known = ElementType.allCases.map(\.rawValue)
        return refuse(json, kind, place(), nearest: nearest(to: word, among: known))
      }
    case .component(let family, let key, _):
      return component(json, family, key: key, place: place()).map(AttributeValue.component)
    }
    return refuse(json, kind, place())
  }

  private mutating func word(
    _ found: String, among words: [String], _ json: JSONValue, _ kind: Attribute.Kind,
    place: @autoclosure () -> String
  ) -> AttributeValue? {
    if words.contains(found) { return .word(found) }
    return refuse(json, kind, place(), nearest: nearest(to: found, among: words))
  }

  private mutating func refuse(
    _ json: JSONValue, _ kind: Attribute.Kind, _ place: @autoclosure () -> String, nearest: String? = nil
  ) -> AttributeValue? {
    if json.isUnknown {
      unknownValues += 1
    } else {
      let isDigits =
        json.number?.text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: "-") } ?? false
      let isTooLong = json.integer == nil && isDigits
      faults.append(
        at: json.textPlace, place(),
        "expected \(kind.expectation(registry, modules, namingBounds: isTooLong)), found \(json.excerpt)",
        nearest: nearest)
    }
    return nil
  }

  private mutating func component(
    _ json: JSONValue, _ family: Family, key: String, place: @autoclosure () -> String
  ) -> (any Component)? {
    guard let members = json.members else {
      return component(family, json, [], place: place(), outer: place(), at: json.textPlace)
    }
    if let name = json[key] {
      return component(
        family, name, members, reserved: [key], place: "\(place()), \(key)", outer: place(),
        at: json.textPlace)
    }
    let misspelt = members.first { nearest(to: $0.key, among: [key]) != nil }
    if let misspelt {
      faults.append(
        at: misspelt.keyTextPlace, "\(place()), \(misspelt.key.excerpt())",
        "unknown key \"\(misspelt.key.excerpt())\"; \"\(key)\" names \(family.article)", nearest: key)
    } else {
      faults.append(
        at: json.textPlace, "\(place()), \(key)", "missing in \(json.excerpt); it names \(family.article)")
    }
    return nil
  }

  /// An array whose entries are integers of a range; the first that is not is a fault.
  private mutating func integers(
    _ elements: [JSONValue], _ range: ClosedRange<Int>, place: @autoclosure () -> String
  ) -> AttributeValue? {
    var found: [Int] = []
    found.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let number = element.integer, range.contains(number) else {
        return refuse(element, .integer(range), "\(place())[\(index)]")
      }
      found.append(number)
    }
    return .integers(found)
  }

  /// The entries of a shape: positive integers, symbols and, where `inferred`, one -1.
  mutating func shape(
    _ json: JSONValue, inferred: Bool, place: @autoclosure () -> String
  ) -> [ShapeEntry]? {
    guard let elements = json.elements else {
      _ = refuse(json, .shape(inferred: inferred), place())
      return nil
    }
    guard elements.count <= limits.rank else {
      faults.append(
        .limit, at: json.textPlace, place(),
        "a shape of \(elements.count) axes is over the limit of \(limits.rank)")
      return nil
    }
    var entries: [ShapeEntry] = []
    for (index, element) in elements.enumerated() {
      if let entry = shapeEntry(element, inferred: inferred, place: "\(place())[\(index)]") {
        entries.append(entry)
      }
    }
    if entries.filter({ $0 == .rest }).count > 1 {
      faults.append(at: json.textPlace, place(), "more than one -1 in \(json.excerpt)")
      return nil
    }
    return entries.count == elements.count ? entries : nil
  }

  private mutating func shapeEntry(
    _ json: JSONValue, inferred: Bool, place: @autoclosure () -> String
  ) -> ShapeEntry? {
    if json.isUnknown {
      unknownValues += 1
      return nil
    }
    if let size = json.integer {
      if inferred, size == -1 { return .rest }
      if size > limits.dimension {
        faults.append(
          .limit, at: json.textPlace, place(), "a size of \(size) is over the limit of \(limits.dimension)")
        return nil
      }
      if size >= 1 { return .size(size) }
    } else if let symbol = json.string, isIdentifier(symbol) {
      if let bound = bindings[symbol] { return .size(bound) }
      if inferred || symbols?.contains(symbol) ?? true { return .symbol(symbol) }
      let known = (symbols ?? []).sorted()
      let list = known.isEmpty ? "there are none" : "accepted: " + known.joined(separator: ", ")
      faults.append(
        at: json.textPlace, place(), "no input of the graph has a size \(json.excerpt); \(list)",
        nearest: nearest(to: symbol, among: known))
      return nil
    }
    let accepted = inferred ? "a positive integer, a symbol or -1" : "a positive integer or a symbol"
    faults.append(at: json.textPlace, place(), "expected \(accepted), found \(json.excerpt)")
    return nil
  }

  /// A number or nested arrays of numbers, all of one length at each depth.
  private mutating func numbers(_ json: JSONValue, place: @autoclosure () -> String) -> AttributeValue? {
    var shape: [Int] = []
    var first = json
    while let elements = first.elements {
      shape.append(elements.count)
      guard shape.count <= limits.rank, let next = elements.first else { break }
      first = next
    }
    guard shape.count <= limits.rank, !shape.contains(0) else { return refuse(json, .numbers, place()) }
    var values: [Double] = []
    if let wrong = collect(json, shape[...], &values) {
      if wrong.isUnknown {
        unknownValues += 1
      } else {
        faults.append(
          at: wrong.textPlace ?? json.textPlace, place(),
          "expected \(Attribute.Kind.numbers.expectation(registry, modules)), found \(wrong.excerpt)")
      }
      return nil
    }
    return .numbers(NestedNumbers(shape: shape, values: values))
  }

  /// Appends the numbers in their order; returns the first value that breaks the shape.
  private func collect(_ json: JSONValue, _ shape: ArraySlice<Int>, _ values: inout [Double]) -> JSONValue? {
    guard let size = shape.first else {
      guard let number = json.double else { return json }
      values.append(number)
      return nil
    }
    guard let elements = json.elements, elements.count == size else { return json }
    for element in elements {
      if let wrong = collect(element, shape.dropFirst(), &values) { return wrong }
    }
    return nil
  }
}

extension Attribute.Kind {
  /// What the attribute accepts, in the words of a message; `namingBounds`: with the bounds that 64 bits set.
  func expectation(_ registry: Registry, _ modules: Set<String>, namingBounds: Bool = false) -> String {
    switch self {
    case .integer(let range): range.integerText(namingBounds: namingBounds)
    case .number(let range): range.description
    case .boolean: "true or false"
    case .word(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
    case .text: "a text"
    case .integers(let range): range.arrayText
    case .integersOrInteger(let range):
      range.integerText() + " or an array of them"
    case .wordOrIntegers(let words, let range):
      words.map { "\"\($0)\"" }.joined(separator: " or ") + " or " + range.arrayText
    case .shape: "an array of sizes (positive integers or symbols)"
    case .numbers: "a number or nested arrays of numbers of equal length"
    case .elementType: ElementType.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    case .component(let family, let key, let inlined):
      inlined
        ? "the name of \(family.article)"
        : "the name of \(family.article) or an object with \"\(key)\""
    }
  }
}

extension ClosedRange<Int> {
  fileprivate var arrayText: String {
    lowerBound == Int.min ? "an array of integers" : "an array of integers of at least \(lowerBound)"
  }
}

/// Whether a text has the form of a node's name: `[A-Za-z_][A-Za-z0-9_]*`.
func isIdentifier(_ text: String) -> Bool {
  guard let first = text.utf8.first, first == 95 || isLetter(first) else { return false }
  return text.utf8.allSatisfy { $0 == 95 || isLetter($0) || (48...57).contains($0) }
}

private func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
