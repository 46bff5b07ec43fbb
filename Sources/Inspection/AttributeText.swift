import JSONText
import LayerKit
import Tensors

extension Attribute {
  /// What the attribute accepts, in the words of a reference page: `integer, at least 1`.
  public var acceptedText: String {
    switch kind {
    case .integer(let range):
      switch (range.lowerBound == Int.min, range.upperBound == Int.max) {
      case (true, true): "integer"
      case (false, true): "integer, at least \(range.lowerBound)"
      case (true, false): "integer, at most \(range.upperBound)"
      case (false, false): "integer, \(range.lowerBound) to \(range.upperBound)"
      }
    case .number(let range):
      range == .finite
        ? "number" : String(range.description.dropFirst("a ".count))
    case .boolean: "`true` or `false`"
    case .word(let words): words.map { "`\"\($0)\"`" }.joined(separator: ", ")
    case .text: "text"
    case .integers(let range): range.arrayText
    case .integersOrInteger(let range):
      (range.lowerBound == Int.min ? "integer" : "integer, at least \(range.lowerBound)")
        + ", or an array of them"
    case .wordOrIntegers(let words, let range):
      words.map { "`\"\($0)\"`" }.joined(separator: ", ") + " or " + range.arrayText
    case .shape(let inferred):
      inferred ? "array of sizes, symbols and one -1" : "array of sizes and symbols"
    case .numbers: "number or nested arrays of numbers"
    case .elementType: ElementType.allCases.map { "`\"\($0.rawValue)\"`" }.joined(separator: ", ")
    case .component(let family, let key, let inlined):
      inlined ? "name of \(family.article)" : "name of \(family.article), or an object with `\(key)`"
    }
  }

  /// `required`, `optional`, or the default as a file writes it.
  public var defaultText: String {
    if let standardJSON { return JSONWriter.compactText(standardJSON) }
    return isOptional ? "optional" : "required"
  }

  /// The default as a file writes it; nil where there is none.
  var standardJSON: JSONValue? { standard.map { $0.json(of: kind) } }
}

extension AttributeValue {
  fileprivate func json(of kind: Attribute.Kind) -> JSONValue {
    switch self {
    case .integer(let number): return .integer(number)
    case .number(let number): return .double(number)
    case .boolean(let truth): return .boolean(truth)
    case .word(let word): return .string(word)
    case .integers(let numbers): return .array(numbers.map(JSONValue.integer))
    case .shape(let entries): return .array(entries.map(\.json))
    case .numbers(let numbers): return Self.nested(numbers.values[...], numbers.shape[...])
    case .elementType(let type): return .string(type.rawValue)
    case .component(let component): return .string(component.schema.name)
    case .named(let name, let given):
      guard !given.isEmpty, case .component(_, let key, _) = kind else { return .string(name) }
      let own = given.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json(of: .text)) }
      return .object([(key, .string(name))] + own)
    }
  }

  private static func nested(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONValue {
    guard let size = shape.first, size > 0 else { return values.first.map(JSONValue.double) ?? .null }
    let stride = values.count / size
    return .array(
      (0..<size).map { index in
        let start = values.startIndex + index * stride
        return nested(values[start..<(start + stride)], shape.dropFirst())
      })
  }
}

extension ClosedRange<Int> {
  fileprivate var arrayText: String {
    lowerBound == Int.min ? "array of integers" : "array of integers, at least \(lowerBound)"
  }
}

extension ShapeEntry {
  fileprivate var json: JSONValue {
    switch self {
    case .size(let size): .integer(size)
    case .symbol(let name): .string(name)
    case .rest: .integer(-1)
    }
  }
}

extension Family {
  /// The family as a heading names it: `operators`, `losses`.
  public var plural: String { self == .loss ? "losses" : rawValue + "s" }

  /// `an activation`, `a loss`.
  var article: String { ("aeiou".contains(rawValue.first ?? "x") ? "an " : "a ") + rawValue }
}
