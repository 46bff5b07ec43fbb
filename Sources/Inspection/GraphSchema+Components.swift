import JSONText
import LayerKit
import Tensors

extension GraphSchema {
  /// What a node of one operator may hold.
  func operatorNode(_ schema: Schema, module: String) -> JSONValue {
    var properties: [(String, JSONValue)] = [
      ("name", .boolean(true)), ("op", .boolean(true)), ("inputs", inputs(of: schema)),
    ]
    var branches: [JSONValue] = []
    for attribute in schema.attributes {
      properties.append((attribute.name, value(of: attribute)))
      guard case .component(let family, let key, true) = attribute.kind else { continue }
      branches += registry.entries(family).filter { !$0.schema.attributes.isEmpty }.map { entry in
        let name = JSONValue.object([("const", .string(entry.schema.name))])
        let own = entry.schema.attributes.map { ($0.name, value(of: $0)) }
        return .object([
          ("if", .object([("properties", .object([(key, name)]))])),
          ("then", .object([("properties", .object(own))])),
        ])
      }
    }
    properties += [
      ("share", text("A node of the same operator whose parameters this one uses.")),
      ("trainable", described("False freezes the parameters.", ["boolean"], standard: .boolean(true))),
      ("description", text("What the node is for.")),
    ]
    let plugin = module == Registry.core ? "" : " Needs \"\(module)\" in plugins."
    var members: [(String, JSONValue)] = [
      ("description", .string(schema.summary + plugin)), ("properties", .object(properties)),
      ("patternProperties", .object([("^x-", .boolean(true))])),
      (
        "required",
        .array((["name", "op"] + schema.attributes.filter(\.isRequired).map(\.name)).map(JSONValue.string))
      ),
    ]
    if !branches.isEmpty { members.append(("allOf", .array(branches))) }
    return .object(members + [("unevaluatedProperties", .boolean(false))])
  }

  private func inputs(of schema: Schema) -> JSONValue {
    let reference = JSONValue.object([("$ref", .string("#/$defs/value"))])
    let orNothing = JSONValue.object([("anyOf", .array([reference, .object([("type", .string("null"))])]))])
    if let least = schema.leastInputs {
      return .object([
        ("type", .string("array")), ("items", reference), ("minItems", .integer(least)),
      ])
    }
    let required = schema.inputs.filter { !$0.isOptional }
    let list = JSONValue.object([
      ("type", .string("array")), ("items", orNothing), ("minItems", .integer(required.count)),
      ("maxItems", .integer(schema.inputs.count)),
    ])
    let named = closed(
      "The inputs by port.", schema.inputs.map { ($0.name, $0.isOptional ? orNothing : reference) },
      required: required.map(\.name))
    return .object([("anyOf", .array([list, named]))])
  }

  /// A component by name, or as an object with its own attributes.
  func component(_ family: Family) -> JSONValue {
    let key = family == .activation ? "function" : "kind"
    let entries = registry.entries(family)
    var choices = entries.filter { $0.schema.version == 1 }.map { entry in
      JSONValue.object([
        ("const", .string(entry.schema.name)), ("description", .string(entry.schema.summary)),
      ])
    }
    if family == .metric { choices = [] }
    for entry in entries {
      var properties: [(String, JSONValue)] = [
        (key, .object([("const", .string(entry.schema.name))]))
      ]
      properties += entry.schema.attributes.map { ($0.name, value(of: $0)) }
      if family == .metric {
        properties += [
          ("prediction", .object([("$ref", .string("#/$defs/value"))])),
          ("target", .object([("$ref", .string("#/$defs/value"))])),
        ]
      }
      let required = entry.schema.attributes.filter(\.isRequired).map(\.name)
      choices.append(
        closed(
          entry.schema.summary, properties,
          required: [key] + required + (family == .metric ? ["prediction", "target"] : [])))
    }
    return .object([("anyOf", .array(choices))])
  }

  /// What an attribute accepts: its own kind of value, or an argument of the block around it.
  func value(of attribute: Attribute) -> JSONValue {
    var members: [(String, JSONValue)] = [("description", .string(attribute.summary))]
    if let standard = attribute.standardJSON { members.append(("default", standard)) }
    let argument = JSONValue.object([("$ref", .string("#/$defs/argument"))])
    return .object(members + [("anyOf", .array([accepted(attribute.kind), argument]))])
  }

  private func accepted(_ kind: Attribute.Kind) -> JSONValue {
    switch kind {
    case .integer(let range): return .object([("type", .string("integer"))] + bounds(range))
    case .number(let range): return .object([("type", .string("number"))] + bounds(range))
    case .boolean: return .object([("type", .string("boolean"))])
    case .word(let words): return .object([("enum", .array(words.map(JSONValue.string)))])
    case .text: return .object([("type", .string("string"))])
    case .integers(let range): return integers(range)
    case .integersOrInteger(let range):
      return .object([("anyOf", .array([accepted(.integer(range)), integers(range)]))])
    case .wordOrIntegers(let words, let range):
      return .object([("anyOf", .array([accepted(.word(words)), integers(range)]))])
    case .shape(let inferred):
      return .object([("type", .string("array")), ("items", size(inferred: inferred))])
    case .numbers: return numbers
    case .elementType:
      return .object([("enum", .array(ElementType.allCases.map { .string($0.rawValue) }))])
    case .component(let family, _, let inlined):
      guard inlined else { return .object([("$ref", .string("#/$defs/\(family.rawValue)"))]) }
      return .object([
        (
          "anyOf",
          .array(
            registry.entries(family).map { entry in
              .object([
                ("const", .string(entry.schema.name)), ("description", .string(entry.schema.summary)),
              ])
            })
        )
      ])
    }
  }

  private func integers(_ range: ClosedRange<Int>) -> JSONValue {
    let item = JSONValue.object([("type", .string("integer"))] + bounds(range))
    return .object([("type", .string("array")), ("items", item)])
  }

  private func bounds(_ range: ClosedRange<Int>) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if range.lowerBound != Int.min { members.append(("minimum", .integer(range.lowerBound))) }
    if range.upperBound != Int.max { members.append(("maximum", .integer(range.upperBound))) }
    return members
  }

  private func bounds(_ range: NumberRange) -> [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if range.lower > -.greatestFiniteMagnitude {
      members.append((range.includesLower ? "minimum" : "exclusiveMinimum", .double(range.lower)))
    }
    if range.upper < .greatestFiniteMagnitude {
      members.append((range.includesUpper ? "maximum" : "exclusiveMaximum", .double(range.upper)))
    }
    return members
  }
}
