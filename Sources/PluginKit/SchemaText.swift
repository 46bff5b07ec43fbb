import JSONText
import LayerKit
import Tensors

/// Writes a schema as the JSON text that a table holds.
///
/// An attribute that cannot cross is written under a kind that no host knows; the host then refuses it by
/// name.
enum SchemaText {
  static func text(_ schema: Schema, _ family: Family, _ examples: [Example], kinks: [Double]? = nil)
    -> String
  {
    var members: [(String, JSONValue)] = [
      ("name", .string(schema.name)), ("version", .integer(schema.version)),
      ("summary", .string(schema.summary)),
    ]
    if !schema.formula.isEmpty { members.append(("formula", .string(schema.formula))) }
    members.append(("attributes", .array(schema.attributes.map(attribute))))
    if family == .layer { members += ports(schema) }
    if let kinks { members.append(("kinks", .array(kinks.map(JSONValue.double)))) }
    if !examples.isEmpty { members.append(("examples", .array(examples.map(example)))) }
    return JSONWriter.compactText(.object(members))
  }

  /// The text in the place of a schema by which a plugin that offers nothing says why; the host reports it.
  static func refusal(_ reason: String) -> String {
    JSONWriter.compactText(.object([("refused", .string(reason))]))
  }

  private static func ports(_ schema: Schema) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("inputs", .array(schema.inputs.map(port)))]
    if let least = schema.leastInputs { members.append(("least_inputs", .integer(least))) }
    members.append(("outputs", schema.outputs.map { .array($0.map(JSONValue.string)) } ?? .null))
    if !schema.parameters.isEmpty {
      members.append(("parameters", .array(schema.parameters.map(JSONValue.string))))
    }
    return members
  }

  private static func port(_ port: Port) -> JSONValue {
    var members: [(String, JSONValue)] = [("name", .string(port.name))]
    if port.isOptional { members.append(("optional", .boolean(true))) }
    if !port.summary.isEmpty { members.append(("summary", .string(port.summary))) }
    return .object(members)
  }

  private static func attribute(_ attribute: Attribute) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", .string(attribute.name)), ("kind", .string(word(attribute))),
      ("summary", .string(attribute.summary)),
    ]
    members += bounds(attribute.kind)
    if let standard = attribute.standard, let value = value(standard, attribute.kind) {
      members.append(("default", value))
    }
    if attribute.isOptional { members.append(("optional", .boolean(true))) }
    return .object(members)
  }

  private static func word(_ attribute: Attribute) -> String {
    switch attribute.kind {
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .word: "word"
    case .text: "text"
    case .integers: "integers"
    case .integersOrInteger: "integers_or_integer"
    case .wordOrIntegers: "word_or_integers"
    case .numbers: "numbers"
    case .elementType: "element_type"
    case .component(.activation, "function", false):
      attribute.name == "activation" && attribute.isOptional && attribute.standard == nil
        ? "activation" : "activation of the layer's own"
    case .component(.initializer, "kind", false): "initializer"
    case .component(let family, _, let isInlined): isInlined ? "inlined \(family.rawValue)" : family.rawValue
    case .shape: "shape"
    }
  }

  private static func bounds(_ kind: Attribute.Kind) -> [(String, JSONValue)] {
    func integers(_ range: ClosedRange<Int>) -> [(String, JSONValue)] {
      (range.lowerBound == .min ? [] : [("minimum", .integer(range.lowerBound))])
        + (range.upperBound == .max ? [] : [("maximum", .integer(range.upperBound))])
    }
    switch kind {
    case .integer(let range), .integers(let range), .integersOrInteger(let range): return integers(range)
    case .number(let range):
      let lower = range.includesLower ? "minimum" : "above"
      let upper = range.includesUpper ? "maximum" : "below"
      return (range.lower <= -.greatestFiniteMagnitude ? [] : [(lower, .double(range.lower))])
        + (range.upper >= .greatestFiniteMagnitude ? [] : [(upper, .double(range.upper))])
    case .word(let words): return [("words", .array(words.map(JSONValue.string)))]
    case .wordOrIntegers(let words, let range):
      return [("words", .array(words.map(JSONValue.string)))] + integers(range)
    case .boolean, .text, .shape, .numbers, .elementType, .component: return []
    }
  }

  private static func value(_ value: AttributeValue, _ kind: Attribute.Kind) -> JSONValue? {
    switch value {
    case .integer(let number): return .integer(number)
    case .number(let number): return .double(number)
    case .boolean(let truth): return .boolean(truth)
    case .word(let word): return .string(word)
    case .integers(let integers): return .array(integers.map(JSONValue.integer))
    case .numbers(let nested):
      var numbers = nested.values[...]
      return array(nested.shape[...], &numbers)
    case .elementType(let type): return .string(type.rawValue)
    case .named(let name, let values):
      guard case .component(_, let key, _) = kind, !values.isEmpty else { return .string(name) }
      let members = values.sorted { $0.key < $1.key }.compactMap { name, given in
        self.value(given, kind).map { (name, $0) }
      }
      return .object([(key, .string(name))] + members)
    case .shape, .component: return nil
    }
  }

  private static func array(_ shape: ArraySlice<Int>, _ numbers: inout ArraySlice<Double>) -> JSONValue {
    guard let size = shape.first else { return .double(numbers.popFirst() ?? 0) }
    return .array((0..<size).map { _ in array(shape.dropFirst(), &numbers) })
  }

  private static func example(_ example: Example) -> JSONValue {
    .object([
      ("attributes", .raw("{\(example.attributes)}")), ("inputs", .array(example.inputs.map(input))),
    ])
  }

  private static func input(_ input: ExampleInput?) -> JSONValue {
    guard let input else { return .null }
    var members: [(String, JSONValue)] = [("shape", .array(input.shape.map(JSONValue.integer)))]
    switch input.values {
    case .floats(let range, let kinks):
      members += [
        ("from", .double(range.lowerBound)), ("to", .double(range.upperBound)),
        ("kinks", .array(kinks.map(JSONValue.double))),
      ]
    case .integers(let bound): members += [("values", .string("integers")), ("below", .integer(bound))]
    case .distribution: members.append(("values", .string("distribution")))
    case .logDistribution: members.append(("values", .string("log_distribution")))
    case .signs: members.append(("values", .string("signs")))
    case .booleans: members.append(("values", .string("booleans")))
    }
    return .object(members)
  }
}
