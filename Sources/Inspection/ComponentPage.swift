import JSONText
import LayerKit

/// All that the registry knows of one operator, activation, loss, optimizer, schedule, initializer or metric.
public struct ComponentPage: Sendable {
  /// What sort of component it is.
  public var family: Family
  /// The module that registered it.
  public var module: String
  /// Its name, attributes, ports and parameters.
  public var schema: Schema
  /// Whether gradients pass through; nil for what has no gradient to pass, such as an optimizer.
  public var hasGradient: Bool?
  /// Small uses.
  public var examples: [Example]

  /// The page of a registered component.
  public init(_ family: Family, _ entry: Registry.Entry) {
    self.family = family
    module = entry.module
    schema = entry.schema
    hasGradient = entry.item.hasGradient
    examples = entry.item.examples
  }

  /// `dense`, or `dense@2` for a version that must be named.
  public var title: String { schema.version == 1 ? schema.name : "\(schema.name)@\(schema.version)" }

  /// The inputs as the page lists them; one line for an operator that takes any number of them.
  var portLines: [(name: String, summary: String)] {
    if let least = schema.leastInputs { return [("\(least) or more", "All alike.")] }
    return schema.inputs.map { ($0.isOptional ? "\($0.name) (optional)" : $0.name, $0.summary) }
  }

  /// The names of the outputs, as the page lists them.
  var outputText: String {
    guard let outputs = schema.outputs else { return "`0`, `1`, ..." }
    return outputs.map { "`\($0)`" }.joined(separator: ", ")
  }

  /// An example as a node, a loss or a use of it in a graph file, with the shapes of its inputs.
  func text(of example: Example) -> String {
    let names = schema.leastInputs == nil ? schema.inputs.map(\.name) : []
    let isLoss = family == .loss
    var inputs: [String] = []
    var shapes: [String] = []
    for (index, input) in example.inputs.enumerated() {
      let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
      let name =
        isLoss
        ? ["prediction", "target", "weight"][min(index, 2)] : index < names.count ? names[index] : letter
      guard let input else {
        inputs.append("null")
        continue
      }
      inputs.append("\"\(name)\"")
      shapes.append("\(name) [\(input.shape.map(String.init).joined(separator: ", "))]")
    }
    var keys = ["\"name\": \"y\"", "\"op\": \"\(isLoss ? "loss" : title)\""]
    if !inputs.isEmpty { keys.append("\"inputs\": [\(inputs.joined(separator: ", "))]") }
    if isLoss { keys.append("\"kind\": \"\(schema.name)\"") }
    if !example.attributes.isEmpty { keys.append(example.attributes) }
    let note = shapes.isEmpty ? "" : "   with \(shapes.joined(separator: ", "))"
    return "{ \(keys.joined(separator: ", ")) }" + note
  }

  /// The page as JSON.
  public var json: JSONValue {
    let texts = { (list: [String]) in JSONValue.array(list.map(JSONValue.string)) }
    var members: [(String, JSONValue)] = [
      ("family", .string(family.rawValue)), ("name", .string(schema.name)),
      ("version", .integer(schema.version)), ("module", .string(module)),
      ("summary", .string(schema.summary)), ("formula", .string(schema.formula)),
      ("attributes", .array(schema.attributes.map(\.json))),
    ]
    if family == .layer {
      members += [
        (
          "inputs",
          .array(
            schema.inputs.map {
              .object([
                ("name", .string($0.name)), ("optional", .boolean($0.isOptional)),
                ("summary", .string($0.summary)),
              ])
            })
        ), ("least_inputs", schema.leastInputs.map(JSONValue.integer) ?? .null),
        ("outputs", schema.outputs.map(texts) ?? .null), ("parameters", texts(schema.parameters)),
      ]
    }
    if let hasGradient { members.append(("gradient", .boolean(hasGradient))) }
    members.append(("examples", texts(examples.map { text(of: $0) })))
    return .object(members)
  }
}

extension Attribute {
  fileprivate var json: JSONValue {
    .object([
      ("name", .string(name)), ("accepts", .string(acceptedText)), ("required", .boolean(isRequired)),
      ("default", standardJSON ?? .null), ("summary", .string(summary)),
    ])
  }
}
