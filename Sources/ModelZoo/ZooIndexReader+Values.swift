import Diagnostics
import JSONText
import Tensors

extension ZooIndexReader {
  /// A whole number from 0.
  mutating func count(_ keys: [String: JSONValue], _ key: String, _ place: String) -> Int? {
    if let number = keys[key]?.integer, number >= 0 { return number }
    expected("a whole number from 0", keys, key, place)
    return nil
  }

  mutating func number(_ keys: [String: JSONValue], _ key: String, _ place: String) -> Double? {
    if let number = keys[key]?.double { return number }
    expected("a number", keys, key, place)
    return nil
  }

  mutating func array(_ keys: [String: JSONValue], _ key: String, _ place: String) -> [JSONValue] {
    if let elements = keys[key]?.elements { return elements }
    expected("an array", keys, key, place)
    return []
  }

  /// The tensors of an object by name.
  mutating func tensors(
    _ keys: [String: JSONValue], _ key: String, _ place: String
  ) -> [ZooSample.NamedTensor] {
    guard let members = keys[key]?.members else {
      expected("an object", keys, key, place)
      return []
    }
    var found: [ZooSample.NamedTensor] = []
    for member in members {
      if let tensor = tensor(member.value, "\(place), \(key), \(member.key.excerpt())") {
        found.append(.init(name: member.key, tensor: tensor))
      }
    }
    return found
  }

  private mutating func tensor(_ value: JSONValue, _ place: String) -> Tensor? {
    guard let keys = object(value, place, required: ["shape", "values"], optional: ["type"]) else {
      return nil
    }
    let type = keys["type"] == nil ? .float32 : word(keys, "type", place, ElementType.self)
    let sizes = array(keys, "shape", place)
    let shape = sizes.compactMap(\.integer)
    guard shape.count == sizes.count, shape.allSatisfy({ $0 >= 1 }), let wanted = elementCount(of: shape)
    else {
      expected("whole numbers from 1", keys, "shape", place)
      return nil
    }
    let values = array(keys, "values", place)
    guard values.count == wanted else {
      refuse(
        keys["values"], "\(place), values",
        "expected \(wanted) values for the shape \(shapeText(shape)), found \(values.count)")
      return nil
    }
    guard let type else { return nil }
    guard let elements = elements(values, type) else {
      refuse(keys["values"], "\(place), values", "found a value that is no \(type.rawValue)")
      return nil
    }
    return Tensor(shape: shape, elements: elements)
  }

  /// The elements of one type; nil where a value has another, or none that is finite.
  private func elements(_ values: [JSONValue], _ type: ElementType) -> Tensor.Elements? {
    func all<Element>(_ found: [Element]) -> [Element]? { found.count == values.count ? found : nil }
    switch type {
    case .float32:
      return all(values.compactMap { $0.double.map { Float($0) } }.filter(\.isFinite)).map { .float32($0) }
    case .float64: return all(values.compactMap(\.double)).map { .float64($0) }
    case .int32:
      return all(values.compactMap { $0.integer.flatMap { Int32(exactly: $0) } }).map { .int32($0) }
    case .bool: return all(values.compactMap(\.boolean)).map { .bool($0) }
    }
  }
}
