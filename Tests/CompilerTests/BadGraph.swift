import Compiler
import GraphFile
import LayerKit
import StandardModule
import StateSpace
import Testing

/// A graph that breaks a rule, and the whole report of it.
struct BadGraph: Sendable, CustomTestStringConvertible {
  var rule: String
  var text: String
  /// A line a fault; faults of another kind than `.input` begin with it in brackets.
  var report: [String]

  var testDescription: String { rule }

  init(_ rule: String, text: String, report: [String]) {
    self.rule = rule
    self.text = text
    self.report = report
  }

  /// A graph whose first node stands in line 6; `more` is the text of further keys.
  init(
    _ rule: String, inputs: GraphInputs = .one, nodes: [String], outputs: String = #"["h"]"#,
    more: String = "",
    report: [String]
  ) {
    self.init(
      rule, text: graphText(inputs: inputs, nodes: nodes, outputs: outputs, more: more), report: report)
  }

  /// A classifier whose training object has these lines; the first of them is line 12.
  static func training(
    _ rule: String, loss: String? = #""loss": "loss""#,
    first: String = #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#, _ lines: String...,
    report: [String]
  ) -> BadGraph {
    let nodes = [
      first,
      #"{ "name": "probabilities", "op": "softmax", "inputs": ["h"] }"#,
      #"{ "name": "loss", "op": "loss", "kind": "cross_entropy", "inputs": ["probabilities", "label"] }"#,
    ]
    let all = (loss.map { [$0] } ?? []) + lines
    let more = "  \"training\": {\n" + all.map { "    " + $0 }.joined(separator: ",\n") + "\n  }"
    return BadGraph(rule, inputs: .classes, nodes: nodes, more: more, report: report)
  }

  /// What the compiler says of the graph.
  func found() throws -> [String] {
    let reading = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    let (network, faults) = Network.resolve(reading, registry: try Registry.everything())
    #expect((network == nil) == !faults.isEmpty, "a network is made where there is no fault, and only there")
    return faults.map { ($0.kind == .input ? "" : "[\($0.kind)] ") + $0.description }
  }

  func check() throws { #expect(try found() == report) }
}

/// The object `inputs` of a graph.
struct GraphInputs: ExpressibleByStringLiteral {
  var text: String

  init(stringLiteral text: String) { self.text = text }

  static let one: GraphInputs = #"{ "x": { "shape": ["batch", 4] } }"#
  static let classes: GraphInputs =
    #"{ "x": { "shape": ["batch", 4] }, "label": { "shape": ["batch"], "type": "int32" } }"#
  /// One of every type.
  static let types: GraphInputs =
    #"{ "x": { "shape": ["batch", 4] }, "i": { "shape": ["batch", 4], "type": "int32" }, "m": { "shape": ["batch", 4], "type": "bool" }, "w": { "shape": ["batch", 4], "type": "float64" } }"#
  /// Of several shapes.
  static let shapes: GraphInputs =
    #"{ "x": { "shape": ["batch", 16] }, "y": { "shape": ["batch", 8] }, "s": { "shape": ["batch", "time", 6] }, "l": { "shape": ["batch"], "type": "int32" }, "u": { "shape": ["batch", "width"] } }"#
}

/// The text of a graph whose first node stands in line 6.
func graphText(inputs: GraphInputs = .one, nodes: [String], outputs: String, more: String = "") -> String {
  """
  {
    "format": "nngraph/1",
    "name": "g",
    "inputs": \(inputs.text),
    "nodes": [
  \(nodes.map { "    " + $0 }.joined(separator: ",\n"))
    ],
    "outputs": \(outputs)\(more.isEmpty ? "" : ",\n" + more)
  }

  """
}

/// A block with an argument that must be given and one that need not.
let residual = #"""
    "blocks": {
      "residual": {
        "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
        "nodes": [
          { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "activation": "$activation" },
          { "name": "sum", "op": "add", "inputs": ["v", "first"] }
        ],
        "outputs": ["sum"]
      }
    }
  """#

extension Registry {
  /// The core, and a plugin that a graph has to list.
  static func everything() throws -> Registry {
    var registry = Registry()
    try registry.register(StandardModule())
    try registry.register(StateSpaceModule())
    return registry
  }
}

@Suite struct BadGraphTests {
  @Test func anotherReportFails() {
    withKnownIssue { try BadGraph("broken", text: "{}", report: []).check() }
    withKnownIssue { try BadGraph("broken", text: "{}", report: ["g.json:1:1: error: nothing"]).check() }
    withKnownIssue {
      try BadGraph("sound", nodes: [], outputs: "[]", report: ["g.json:1:1: error: x"]).check()
    }
  }
}
