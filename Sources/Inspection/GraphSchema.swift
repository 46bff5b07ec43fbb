import JSONText
import LayerKit
import Tensors

/// The JSON Schema (draft 2020-12) of a graph file, for editors that complete and check what is typed.
///
/// Operators, components and their attributes come from the registry. Names and shapes, which no schema can
/// follow, are left to `nngraph check`.
public struct GraphSchema: Sendable {
  let registry: Registry

  /// The schema of graphs that use what the registry holds.
  public init(_ registry: Registry) { self.registry = registry }

  /// The whole schema.
  public var json: JSONValue {
    let reference = { (name: String) in JSONValue.object([("$ref", .string("#/$defs/\(name)"))]) }
    let members: [(String, JSONValue)] = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("nngraph graph file, version 1")),
    ]
    let properties: [(String, JSONValue)] = [
      ("format", .object([("const", .string("nngraph/1"))])),
      ("name", pattern("^[A-Za-z0-9][A-Za-z0-9._-]*$", "The name of the network.")),
      ("description", text("What the network is for.")),
      ("inputs", map(of: reference("input"), "The inputs by name.")),
      ("nodes", array(of: reference("node"), "The operators, in any order.")),
      ("outputs", outputs),
      ("blocks", map(of: reference("block"), "Sub-graphs, each used as an operator.")),
      ("parameters", reference("parameters")), ("training", reference("training")),
      ("plugins", plugins), ("metadata", .object([("type", .string("object"))])),
    ]
    let object = closed(
      "A network.", properties, required: ["format", "name", "inputs", "nodes", "outputs"])
    return .object((members + (object.members ?? []).map { ($0.key, $0.value) }) + [("$defs", definitions)])
  }

  private var definitions: JSONValue {
    var all: [(String, JSONValue)] = [
      ("argument", pattern("^\\$[A-Za-z_][A-Za-z0-9_]*$", "An argument of the block.")),
      ("size", size(inferred: false)), ("value", valueReference), ("input", input), ("node", node),
      ("block", block), ("parameters", parameters), ("training", training),
    ]
    for family in [Family.activation, .initializer, .optimizer, .schedule, .metric] {
      all.append((family.rawValue, component(family)))
    }
    for entry in registry.entries(.layer) {
      let name = "operator.\(entry.schema.name)@\(entry.schema.version)"
      all.append((name, operatorNode(entry.schema, module: entry.module)))
    }
    return .object(all)
  }

  // MARK: The parts of a file

  private var valueReference: JSONValue {
    pattern(
      "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z0-9_]+)?$", "An input, a node, or one of its outputs: node.port.")
  }

  private var input: JSONValue {
    closed(
      "An input of the network.",
      [
        ("shape", array(of: size(inferred: false), "Sizes and symbols, the batch first.")),
        ("type", words(ElementType.allCases.map(\.rawValue), "The element type.", standard: "float32")),
        ("description", text("What the input holds.")),
      ], required: ["shape"])
  }

  private var outputs: JSONValue {
    let value = JSONValue.object([("$ref", .string("#/$defs/value"))])
    let names = JSONValue.object([("type", .string("object")), ("additionalProperties", value)])
    return .object([
      ("description", .string("The values that a run gives.")),
      ("anyOf", .array([array(of: value, "References."), names])),
    ])
  }

  private var plugins: JSONValue {
    let name = pattern("^[a-z][a-z0-9_]*$", "A module.")
    let versioned = closed(
      "A module of certain versions.", [("name", name), ("version", text("Such as >=1.2."))],
      required: ["name"])
    return array(of: .object([("anyOf", .array([name, versioned]))]), "The modules that the graph needs.")
  }

  private var block: JSONValue {
    closed(
      "A sub-graph with a name.",
      [
        ("inputs", array(of: text("The name of an input."), "The inputs in order.")),
        ("arguments", map(of: .boolean(true), "Arguments and their defaults; null where one must be given.")),
        ("nodes", array(of: .object([("$ref", .string("#/$defs/node"))]), "The operators.")),
        ("outputs", array(of: .object([("$ref", .string("#/$defs/value"))]), "The results in order.")),
      ], required: ["inputs", "nodes", "outputs"])
  }

  private var parameters: JSONValue {
    closed(
      "Where the trained values are: in a file beside the graph, or here.",
      [
        ("file", text("The bare name of a safetensors file in the graph's folder.")),
        ("sha256", pattern("^[0-9a-fA-F]{64}$", "The hash of that file.")),
        ("values", map(of: numbers, "Parameter name to a number or nested arrays.")),
      ], required: [])
  }

  /// A node: its operator decides which keys it may have; any other operator is a block.
  private var node: JSONValue {
    var branches: [JSONValue] = []
    var known: [JSONValue] = []
    for entry in registry.entries(.layer) {
      let (name, version) = (entry.schema.name, entry.schema.version)
      let spellings = (version == 1 ? [name] : []) + ["\(name)@\(version)"]
      known += spellings.map(JSONValue.string)
      let wanted = JSONValue.object([("enum", .array(spellings.map(JSONValue.string)))])
      branches.append(
        .object([
          (
            "if",
            .object([
              ("properties", .object([("op", wanted)])), ("required", .array([.string("op")])),
            ])
          ), ("then", .object([("$ref", .string("#/$defs/operator.\(name)@\(version)"))])),
        ]))
    }
    return .object([
      ("type", .string("object")), ("required", .array([.string("name"), .string("op")])),
      (
        "properties",
        .object([
          ("name", pattern("^[A-Za-z_][A-Za-z0-9_]*$", "The name of the node.")),
          (
            "op",
            .object([
              ("description", .string("An operator, or a block.")),
              ("anyOf", .array([.object([("enum", .array(known))]), text("A block of this file.")])),
            ])
          ),
          ("repeat", .object([("description", .string("How many copies of the block follow each other."))])),
          (
            "recompute",
            .object([
              (
                "description",
                .string(
                  "On the use of a block: its inner values are computed again for backward instead of kept.")
              )
            ])
          ),
        ])
      ), ("allOf", .array(branches)),
    ])
  }
}
