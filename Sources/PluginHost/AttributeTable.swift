import CPluginABI
import Glibc
import JSONText
import LayerKit

/// The attributes of one component as a plugin sees them: one JSON text, and a value by name.
final class AttributeTable: @unchecked Sendable {  // Made once, then read alone.
  /// A JSON object in the order of the schema, defaults included; what is optional and absent is left out.
  let text: UnsafePointer<CChar>
  private let memory = ForeignMemory()
  private let values: UnsafeMutablePointer<nngraph_value>
  private let names: [(text: UnsafePointer<CChar>, name: String)]

  init(_ attributes: Attributes, _ schema: Schema) {
    var names: [(UnsafePointer<CChar>, String)] = []
    var values: [nngraph_value] = []
    var members: [(String, JSONValue)] = []
    for attribute in schema.attributes {
      guard let given = attributes[attribute.name],
        let (value, json) = AttributeTable.foreign(given, attribute.kind, in: memory)
      else { continue }
      names.append((memory.text(attribute.name), attribute.name))
      values.append(value)
      members.append((attribute.name, json))
    }
    self.names = names
    self.values = memory.array(values)
    text = memory.text(JSONWriter.compactText(.object(members)))
  }

  /// The value of an attribute; null where there is none of that name.
  func value(_ name: UnsafePointer<CChar>) -> UnsafePointer<nngraph_value>? {
    for index in names.indices where strcmp(names[index].text, name) == 0 {
      return UnsafePointer(values + index)
    }
    return nil
  }

  /// A value in C's form and in JSON's; nil for a kind that this version of the interface does not have.
  private static func foreign(
    _ given: AttributeValue, _ kind: Attribute.Kind, in memory: ForeignMemory
  ) -> (nngraph_value, JSONValue)? {
    var value = nngraph_value()
    value.size = MemoryLayout<nngraph_value>.size
    func text(_ text: String) -> (nngraph_value, JSONValue) {
      value.kind = Int32(NNGRAPH_VALUE_TEXT)
      value.text = memory.text(text)
      return (value, .string(text))
    }
    func number(_ number: Double) -> (nngraph_value, JSONValue) {
      value.kind = Int32(NNGRAPH_VALUE_NUMBER)
      value.number = number
      return (value, .double(number))
    }
    switch given {
    case .integer(let integer):
      if case .number = kind { return number(Double(integer)) }
      value.kind = Int32(NNGRAPH_VALUE_INTEGER)
      value.integer = Int64(integer)
      value.number = Double(integer)
      return (value, .integer(integer))
    case .number(let found): return number(found)
    case .boolean(let truth):
      value.kind = Int32(NNGRAPH_VALUE_BOOLEAN)
      value.truth = truth
      return (value, .boolean(truth))
    case .word(let word): return text(word)
    case .elementType(let element): return text(element.rawValue)
    case .named(let name, _): return text(name)
    case .component(let component): return text(component.schema.name)
    case .integers(let integers):
      value.kind = Int32(NNGRAPH_VALUE_INTEGERS)
      value.count = Int64(integers.count)
      value.integers = UnsafePointer(memory.array(integers.map { Int64($0) }))
      return (value, .array(integers.map { .integer($0) }))
    case .numbers(let numbers):
      value.kind = Int32(NNGRAPH_VALUE_NUMBERS)
      value.count = Int64(numbers.values.count)
      value.numbers = UnsafePointer(memory.array(numbers.values))
      value.rank = Int32(numbers.shape.count)
      value.shape = UnsafePointer(memory.array(numbers.shape.map { Int64($0) }))
      return (value, nested(numbers.values[...], numbers.shape[...]))
    case .shape: return nil
    }
  }

  private static func nested(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONValue {
    guard let size = shape.first else { return .double(values.first ?? 0) }
    let width = size > 0 ? values.count / size : 0
    return .array(
      (0..<size).map { index in
        let start = values.startIndex + index * width
        return nested(values[start..<start + width], shape.dropFirst())
      })
  }
}
