import JSONText

// The few forms that the parts of the schema are made of.
extension GraphSchema {
  /// A value of one of the types.
  func described(
    _ summary: String, _ types: [String], _ members: [(String, JSONValue)] = [], standard: JSONValue? = nil
  ) -> JSONValue {
    let type = types.count == 1 ? JSONValue.string(types[0]) : .array(types.map(JSONValue.string))
    let last = standard.map { [("default", $0)] } ?? []
    return .object([("description", .string(summary)), ("type", type)] + members + last)
  }

  func text(_ summary: String) -> JSONValue { described(summary, ["string"]) }

  func pattern(_ pattern: String, _ summary: String) -> JSONValue {
    described(summary, ["string"], [("pattern", .string(pattern))])
  }

  func words(_ words: [String], _ summary: String, standard: String? = nil) -> JSONValue {
    let last = standard.map { [("default", JSONValue.string($0))] } ?? []
    return .object(
      [("description", .string(summary)), ("enum", .array(words.map(JSONValue.string)))] + last)
  }

  func array(of item: JSONValue, _ summary: String) -> JSONValue {
    described(summary, ["array"], [("items", item)])
  }

  /// An object of any keys, all with values of one form.
  func map(of value: JSONValue, _ summary: String) -> JSONValue {
    described(summary, ["object"], [("additionalProperties", value)])
  }

  /// An object of these keys alone, and of keys that begin with `x-`.
  func closed(_ summary: String, _ properties: [(String, JSONValue)], required: [String]) -> JSONValue {
    described(
      summary, ["object"],
      [
        ("properties", .object(properties)),
        ("patternProperties", .object([("^x-", .boolean(true))])),
        ("required", .array(required.map(JSONValue.string))), ("additionalProperties", .boolean(false)),
      ])
  }

  /// A size of a shape.
  func size(inferred: Bool) -> JSONValue {
    var choices = [
      JSONValue.object([("type", .string("integer")), ("minimum", .integer(1))]),
      .object([("type", .string("string")), ("pattern", .string("^\\$?[A-Za-z_][A-Za-z0-9_]*$"))]),
    ]
    if inferred { choices.append(.object([("const", .integer(-1))])) }
    return .object([("anyOf", .array(choices))])
  }

  /// A number, or arrays of numbers.
  var numbers: JSONValue { .object([("type", .array([.string("number"), .string("array")]))]) }
}
