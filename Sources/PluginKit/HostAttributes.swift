import CPluginABI
import LayerKit
import Tensors

extension Host {
  /// The values of the schema's attributes, which the host has checked.
  ///
  /// Activations and initializers are marks that name their attribute: the host keeps what they stand for.
  /// Throws `CrossingFault` where the host gives a value of another kind.
  func attributes(_ schema: Schema) throws -> Attributes {
    var values = Attributes()
    for attribute in schema.attributes {
      guard let value = functions.pointee.attribute?(context, attribute.name)?.pointee else {
        guard attribute.isOptional else {
          throw CrossingFault("the host gives no value for attribute \"\(attribute.name)\"")
        }
        continue
      }
      guard let read = value.read(as: attribute.kind, of: attribute.name) else {
        throw CrossingFault("the host gives attribute \"\(attribute.name)\" a value of another kind")
      }
      values[attribute.name] = read
    }
    return values
  }
}

extension nngraph_value {
  /// The value as the kind that the schema declares; nil where it is of another.
  fileprivate func read(as wanted: Attribute.Kind, of attribute: String) -> AttributeValue? {
    switch (wanted, Int(kind)) {
    case (.integer, NNGRAPH_VALUE_INTEGER): .integer(Int(integer))
    case (.number, NNGRAPH_VALUE_INTEGER), (.number, NNGRAPH_VALUE_NUMBER): .number(number)
    case (.boolean, NNGRAPH_VALUE_BOOLEAN): .boolean(truth)
    case (.word, NNGRAPH_VALUE_TEXT), (.text, NNGRAPH_VALUE_TEXT), (.wordOrIntegers, NNGRAPH_VALUE_TEXT):
      string.map(AttributeValue.word)
    case (.integers, NNGRAPH_VALUE_INTEGERS), (.integersOrInteger, NNGRAPH_VALUE_INTEGERS),
      (.wordOrIntegers, NNGRAPH_VALUE_INTEGERS):
      array(integers, count).map { .integers($0.map { Int($0) }) }
    case (.numbers, NNGRAPH_VALUE_NUMBERS): nested.map(AttributeValue.numbers)
    case (.elementType, NNGRAPH_VALUE_TEXT):
      string.flatMap(ElementType.init(rawValue:)).map(AttributeValue.elementType)
    case (.component, NNGRAPH_VALUE_TEXT): wanted.marker(attribute)
    default: nil
    }
  }

  private var string: String? { text.map { String(cString: $0) } }

  private var nested: NestedNumbers? {
    guard let sizes = array(shape, Int64(rank)), let numbers = array(numbers, count) else { return nil }
    return NestedNumbers(shape: sizes.map { Int($0) }, values: numbers)
  }

  private func array<Element>(_ start: UnsafePointer<Element>?, _ count: Int64) -> [Element]? {
    guard count > 0 else { return [] }
    return start.map { Array(UnsafeBufferPointer(start: $0, count: Int(count))) }
  }
}
