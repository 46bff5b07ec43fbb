import JSONText
import LayerKit
import Tensors

/// The values at the corners of what an attribute accepts.
enum AttributeCorners {
  /// The corner values of a kind; none for a component.
  static func values(_ kind: Attribute.Kind) -> [AttributeValue] {
    switch kind {
    case .integer(let range): integers(range).map(AttributeValue.integer)
    case .number(let range): numbers(range).map(AttributeValue.number)
    case .boolean: [.boolean(false), .boolean(true)]
    case .word(let words): words.map(AttributeValue.word)
    case .text:
      ["", "a \"quoted\" text\\\n\u{1}\u{E4}", String(repeating: "long ", count: 2000)].map(
        AttributeValue.word)
    case .integers(let range), .integersOrInteger(let range): lists(range).map(AttributeValue.integers)
    case .wordOrIntegers(let words, let range):
      words.map(AttributeValue.word) + lists(range).map(AttributeValue.integers)
    case .shape(let inferred):
      [[], [.size(1)], [.size(Int(Int32.max))], [ShapeEntry](repeating: .size(1), count: 8)].map(
        AttributeValue.shape)
        + (inferred ? [.shape([.rest])] : [])
    case .numbers:
      [
        NestedNumbers(shape: [], values: [0]), NestedNumbers(shape: [1], values: [-1e300]),
        NestedNumbers(shape: [2, 2], values: [1, 2, 3, 4]),
      ].map(AttributeValue.numbers)
    case .elementType: ElementType.allCases.map(AttributeValue.elementType)
    case .component: []
    }
  }

  private static func integers(_ range: ClosedRange<Int>) -> [Int] {
    let candidates = [
      range.lowerBound, range.upperBound, 0, 1, -1, 2, 3, 17, Int(Int32.max), Int(Int32.max) + 1,
      Int(Int32.min),
      1 << 53,
    ]
    return unique(candidates.filter(range.contains))
  }

  private static func numbers(_ range: NumberRange) -> [Double] {
    let candidates = [range.lower, range.upper, 0, 1, -1, 0.5, 1e-300, 1e300, -1e300, 1e-8]
    return unique(candidates.filter { $0.isFinite && range.contains($0) })
  }

  private static func lists(_ range: ClosedRange<Int>) -> [[Int]] {
    [[]] + integers(range).map { [$0] }
      + [1, 0].filter(range.contains).map { [Int](repeating: $0, count: 9) }
  }

  private static func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
    values.enumerated().filter { index, value in !values[..<index].contains(value) }.map(\.element)
  }

  /// The value as a graph file writes it; nil for a component.
  static func json(_ value: AttributeValue) -> JSONValue? {
    switch value {
    case .integer(let number): .integer(number)
    case .number(let number): .double(number)
    case .boolean(let truth): .boolean(truth)
    case .word(let word): .string(word)
    case .integers(let numbers): .array(numbers.map(JSONValue.integer))
    case .shape(let entries):
      .array(
        entries.map { entry in
          switch entry {
          case .size(let size): .integer(size)
          case .symbol(let name): .string(name)
          case .rest: .integer(-1)
          }
        })
    case .numbers(let nested): nest(nested.values[...], nested.shape[...])
    case .elementType(let type): .string(type.rawValue)
    case .named, .component: nil
    }
  }

  private static func nest(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONValue {
    guard let first = shape.first, first > 0 else { return values.first.map(JSONValue.double) ?? .array([]) }
    let length = values.count / first
    return .array(
      (0..<first).map { index in
        nest(values.dropFirst(index * length).prefix(length), shape.dropFirst())
      })
  }

  /// The attributes of an example, each in turn at its corners or left out, as a graph file writes them.
  static func variations(_ text: String, _ schema: Schema) -> [(what: String, text: String)] {
    guard let members = try? JSONText.parse(Array("{\(text)}".utf8)).root.members else { return [] }
    var found: [(String, String)] = []
    for attribute in schema.attributes {
      let others = members.filter { $0.key != attribute.name }
      if others.count < members.count, !attribute.isRequired {
        found.append(("without \"\(attribute.name)\"", written(others)))
      }
      for value in values(attribute.kind) {
        guard let json = json(value) else { continue }
        let what = "\"\(attribute.name)\": \(json.excerpt)"
        found.append((what, written(others + [JSONMember(key: attribute.name, value: json)])))
      }
    }
    return found
  }

  private static func written(_ members: [JSONMember]) -> String {
    String(JSONWriter.compactText(.object(members)).dropFirst().dropLast())
  }

  /// The attributes of a component that is no operator: its defaults, with a modest value for each that it
  /// requires, and then each in turn at its corners.
  static func attributes(_ schema: Schema) -> [(what: String, attributes: Attributes)] {
    var base = Attributes()
    for attribute in schema.attributes {
      if let value = attribute.standard ?? (attribute.isRequired ? modest(attribute.kind) : nil) {
        base[attribute.name] = value
      }
    }
    var found = [("its defaults", base)]
    for attribute in schema.attributes {
      for value in values(attribute.kind) {
        var changed = base
        changed[attribute.name] = value
        let json = json(value)?.excerpt ?? ""
        found.append(("\"\(attribute.name)\": \(json)", changed))
      }
    }
    return found
  }

  private static func modest(_ kind: Attribute.Kind) -> AttributeValue? {
    let corners = values(kind)
    let wanted = corners.first { value in
      switch value {
      case .integer(let number): number == 2
      case .number(let number): number == 0.5
      default: true
      }
    }
    return wanted ?? corners.first
  }
}
