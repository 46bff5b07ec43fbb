import Diagnostics
import JSONText
import LayerKit
import Tensors

extension AttributeReader {
  /// The value of one attribute; nil, with a fault, where it is not of its kind.
  mutating func value(_ json: JSONValue, _ kind: Attribute.Kind, place: String) -> AttributeValue? {
    switch kind {
    case .integer(let range):
      if let found = json.integer, range.contains(found) { return .integer(found) }
    case .number(let range):
      if let found = json.double, range.contains(found) { return .number(found) }
    case .boolean:
      if let found = json.boolean { return .boolean(found) }
    case .word(let words):
      if let found = json.string {
        if words.contains(found) { return .word(found) }
        return refuse(json, kind, place, nearest: nearest(to: found, among: words))
      }
    case .text:
      if let found = json.string { return .word(found) }
    case .integers(let range):
      let found = json.elements?.map(\.integer)
      if let found, found.allSatisfy({ $0.map(range.contains) ?? false }) {
        return .integers(found.compactMap { $0 })
      }
    case .shape(let inferred):
      return shape(json, inferred: inferred, place: place).map(AttributeValue.shape)
    case .numbers:
      return numbers(json, place: place)
    case .elementType:
      if let word = json.string {
        if let found = ElementType(rawValue: word) { return .elementType(found) }
        let known = ElementType.allCases.map(\.rawValue)
        return refuse(json, kind, place, nearest: nearest(to: word, among: known))
      }
    case .component(let family, let key, _):
      return component(json, family, key: key, place: place).map(AttributeValue.component)
    }
    return refuse(json, kind, place)
  }

  private mutating func refuse(
    _ json: JSONValue, _ kind: Attribute.Kind, _ place: String, nearest: String? = nil
  ) -> AttributeValue? {
    faults.append(
      Fault(
        text: json.place, place: place,
        "expected \(kind.expectation(registry, modules)), found \(json.excerpt)", nearest: nearest))
    return nil
  }

  private mutating func component(
    _ json: JSONValue, _ family: Family, key: String, place: String
  ) -> (any Component)? {
    if let members = json.members {
      guard let name = json[key] else {
        faults.append(Fault(text: json.place, place: place, "missing \"\(key)\" in \(json.excerpt)"))
        return nil
      }
      return component(
        family, name, members, reserved: [key], place: place, at: json.place)
    }
    return component(family, json, [], place: place, at: json.place)
  }

  /// The entries of a shape: positive integers, symbols and, where `inferred`, one -1.
  mutating func shape(_ json: JSONValue, inferred: Bool, place: String) -> [ShapeEntry]? {
    guard let elements = json.elements else {
      faults.append(
        Fault(
          text: json.place, place: place,
          "expected an array of sizes (positive integers or symbols), found \(json.excerpt)"))
      return nil
    }
    guard elements.count <= limits.rank else {
      faults.append(
        Fault(
          .limit, text: json.place, place: place,
          "a shape of \(elements.count) axes is over the limit of \(limits.rank)"))
      return nil
    }
    var entries: [ShapeEntry] = []
    for (index, element) in elements.enumerated() {
      if let entry = shapeEntry(element, inferred: inferred, place: "\(place)[\(index)]") {
        entries.append(entry)
      }
    }
    if entries.filter({ $0 == .rest }).count > 1 {
      faults.append(Fault(text: json.place, place: place, "more than one -1 in \(json.excerpt)"))
      return nil
    }
    return entries.count == elements.count ? entries : nil
  }

  private mutating func shapeEntry(_ json: JSONValue, inferred: Bool, place: String) -> ShapeEntry? {
    if let size = json.integer {
      if inferred, size == -1 { return .rest }
      if size > limits.dimension {
        faults.append(
          Fault(
            .limit, text: json.place, place: place,
            "a size of \(size) is over the limit of \(limits.dimension)"))
        return nil
      }
      if size >= 1 { return .size(size) }
    } else if let symbol = json.string, isIdentifier(symbol) {
      if let bound = bindings[symbol] { return .size(bound) }
      return .symbol(symbol)
    }
    let accepted = inferred ? "a positive integer, a symbol or -1" : "a positive integer or a symbol"
    faults.append(Fault(text: json.place, place: place, "expected \(accepted), found \(json.excerpt)"))
    return nil
  }

  /// A number or nested arrays of numbers, all of one length at each depth.
  private mutating func numbers(_ json: JSONValue, place: String) -> AttributeValue? {
    var shape: [Int] = []
    var first = json
    while let elements = first.elements {
      shape.append(elements.count)
      guard shape.count <= limits.rank, let next = elements.first else { break }
      first = next
    }
    var values: [Double] = []
    guard shape.count <= limits.rank, !shape.contains(0), collect(json, shape[...], &values) else {
      return refuse(json, .numbers, place)
    }
    return .numbers(NestedNumbers(shape: shape, values: values))
  }

  private func collect(_ json: JSONValue, _ shape: ArraySlice<Int>, _ values: inout [Double]) -> Bool {
    guard let size = shape.first else {
      guard let number = json.double else { return false }
      values.append(number)
      return true
    }
    guard let elements = json.elements, elements.count == size else { return false }
    return elements.allSatisfy { collect($0, shape.dropFirst(), &values) }
  }
}

extension Attribute.Kind {
  /// What the attribute accepts, in the words of a message.
  func expectation(_ registry: Registry, _ modules: Set<String>) -> String {
    switch self {
    case .integer(let range):
      switch (range.lowerBound == Int.min, range.upperBound == Int.max) {
      case (true, true): "an integer"
      case (false, true): "an integer of at least \(range.lowerBound)"
      case (true, false): "an integer of at most \(range.upperBound)"
      case (false, false): "an integer from \(range.lowerBound) to \(range.upperBound)"
      }
    case .number(let range): range.description
    case .boolean: "true or false"
    case .word(let words): words.map { "\"\($0)\"" }.joined(separator: " or ")
    case .text: "a text"
    case .integers(let range):
      range.lowerBound == Int.min
        ? "an array of integers" : "an array of integers of at least \(range.lowerBound)"
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

/// Whether a text has the form of a node's name: `[A-Za-z_][A-Za-z0-9_]*`.
func isIdentifier(_ text: String) -> Bool {
  guard let first = text.utf8.first, first == 95 || isLetter(first) else { return false }
  return text.utf8.allSatisfy { $0 == 95 || isLetter($0) || (48...57).contains($0) }
}

private func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
