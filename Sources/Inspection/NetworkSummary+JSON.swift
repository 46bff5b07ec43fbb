import JSONText
import LayerKit

extension NetworkSummary {
  /// The members of the document `nngraph.inspect/1`, the schema's name first.
  public var members: [(String, JSONValue)] {
    [
      ("schema", .string("nngraph.inspect/1")), ("file", .string(file)), ("name", .string(name)),
      ("description", description.map(JSONValue.string) ?? .null),
      ("inputs", .array(inputs.map(\.json))), ("outputs", .array(outputs.map(\.json))),
      ("plugins", .array(plugins.map(JSONValue.string))),
      ("unbound", .array(assumed.symbols.map(JSONValue.string))),
      ("unbound_counts", .integer(assumed.size)), ("nodes", .array(rows.map(\.json))),
      ("totals", totals.json), ("notes", .array(notes.map(JSONValue.string))),
    ]
  }

  /// The document `nngraph.inspect/1`.
  public var json: JSONValue { .object(members) }
}

extension NetworkSummary.Value {
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("shape", type.shape.json), ("type", .string(type.element.rawValue)),
      ("description", summary.map(JSONValue.string) ?? .null),
    ])
  }
}

extension NetworkSummary.Row {
  var json: JSONValue {
    .object([
      ("name", .string(name)), ("op", .string(op)),
      ("repeat", repeats.map(JSONValue.integer) ?? .null), ("nodes", .integer(nodes)),
      ("inputs", .array(inputs.map { $0.map(JSONValue.string) ?? .null })), ("shape", shape.json),
      ("type", outputs.first.map { .string($0.type.element.rawValue) } ?? .null),
      (
        "outputs",
        .array(
          outputs.map {
            .object([
              ("name", .string($0.name)), ("shape", $0.type.shape.json),
              ("type", .string($0.type.element.rawValue)),
            ])
          })
      ), ("parameters", .integer(parameters)), ("shared", shared.map(JSONValue.string) ?? .null),
      ("operations", .integer(operations)), ("activation_bytes", .integer(activationBytes)),
    ])
  }
}

extension NetworkSummary.Totals {
  var json: JSONValue {
    let optional = { (number: Int?) in number.map(JSONValue.integer) ?? .null }
    return .object([
      ("parameters", .integer(parameters)), ("trainable", .integer(trainable)),
      ("frozen", .integer(frozen)), ("states", .integer(states)),
      ("parameter_bytes", .integer(parameterBytes)), ("operations_run", optional(operationsRun)),
      ("operations_train", optional(operationsTrain)),
      ("activation_bytes_run", optional(activationBytesRun)),
      ("activation_bytes_train", optional(activationBytesTrain)),
    ])
  }
}

extension [Dimension] {
  /// An array of numbers, and of texts for what is not a number: `["batch", 16]`.
  var json: JSONValue {
    .array(map { size in size.number.map(JSONValue.integer) ?? .string(size.description) })
  }
}
