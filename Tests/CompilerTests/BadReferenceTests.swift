import Testing

@Suite struct BadReferenceTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "an unknown reference",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["y"], "units": 3 }"#,
        #"{ "name": "hidden", "op": "dense", "inputs": ["x"], "units": 3 }"#,
        #"{ "name": "z", "op": "negate", "inputs": ["hiden"] }"#,
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "h", inputs[0]: no input or node "y" in the graph; did you mean "x"?"#,
        #"g.json:8:47: error: nodes[2] "z", inputs[0]: no input or node "hiden" in the graph; did you mean "hidden"?"#,
      ]),
    BadGraph(
      "too few inputs",
      nodes: [
        #"{ "name": "h", "op": "subtract", "inputs": ["x"] }"#
      ],
      report: [
        #"g.json:6:48: error: nodes[0] "h", inputs: "subtract" takes 2 inputs, found 1"#
      ]),
    BadGraph(
      "too many inputs",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x", "x", "x"], "units": 3 }"#
      ],
      report: [
        #"g.json:6:45: error: nodes[0] "h", inputs: "dense" takes 1 input, found 3"#
      ]),
    BadGraph(
      "no inputs",
      nodes: [
        #"{ "name": "h", "op": "dense", "units": 3 }"#
      ],
      report: [
        #"g.json:6:5: error: nodes[0] "h", inputs: "dense" takes 1 input, found 0"#
      ]),
    BadGraph(
      "one input for an operator of many",
      nodes: [
        #"{ "name": "h", "op": "add", "inputs": ["x"] }"#
      ],
      report: [
        #"g.json:6:43: error: nodes[0] "h", inputs: "add" takes 2 or more inputs, found 1"#
      ]),
    BadGraph(
      "an input of an operator without",
      nodes: [
        #"{ "name": "h", "op": "constant", "inputs": ["x"], "shape": [], "value": 1 }"#
      ],
      report: [
        #"g.json:6:48: error: nodes[0] "h", inputs: "constant" takes 0 inputs, found 1"#
      ]),
    BadGraph(
      "an unknown port by name",
      nodes: [
        #"{ "name": "h", "op": "gather", "inputs": { "data": "x", "indexes": "x" } }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", inputs: "gather" has no input "indexes"; accepted: data, indices; did you mean "indices"?"#
      ]),
    BadGraph(
      "a missing port by name",
      nodes: [
        #"{ "name": "h", "op": "where", "inputs": { "a": "x", "b": "x" } }"#
      ],
      report: [
        #"g.json:6:45: error: nodes[0] "h", inputs: "where" is missing its input "condition""#
      ]),
    BadGraph(
      "null for an input that is needed",
      nodes: [
        #"{ "name": "h", "op": "subtract", "inputs": ["x", null] }"#
      ],
      report: [
        #"g.json:6:54: error: nodes[0] "h", inputs[1]: "h" is missing its input "b", found null"#
      ]),
    BadGraph(
      "a port of an input",
      nodes: [
        #"{ "name": "h", "op": "negate", "inputs": ["x.0"] }"#
      ],
      report: [
        #"g.json:6:47: error: nodes[0] "h", inputs[0]: input "x" has no port "0""#
      ]),
    BadGraph(
      "a port of a node with one output",
      nodes: [
        #"{ "name": "a", "op": "negate", "inputs": ["x"] }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["a.y"] }"#,
      ],
      report: [
        #"g.json:7:47: error: nodes[1] "h", inputs[0]: "a" has no port "y"; its one output is "a""#
      ]),
    BadGraph(
      "a port that is not there",
      nodes: [
        #"{ "name": "a", "op": "split", "inputs": ["x"], "parts": 2 }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["a.2"] }"#,
      ],
      report: [
        #"g.json:7:47: error: nodes[1] "h", inputs[0]: "a" has no port "2"; accepted: 0, 1; did you mean "0"?"#
      ]),
    BadGraph(
      "an output that is not there",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      outputs: #"{ "result": "hh", "more": "h.1" }"#,
      report: [
        #"g.json:8:26: error: outputs.result: no input or node "hh" in the graph; did you mean "h"?"#,
        #"g.json:8:40: error: outputs.more: "h" has no port "1"; its one output is "h""#,
      ]),
    BadGraph(
      "references to a node whose name is broken",
      nodes: [
        #"{ "name": "my node", "op": "negate", "inputs": ["x"] }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["my node"] }"#,
      ],
      report: [
        #"g.json:6:15: error: nodes[0] "my node", name: expected a name (a letter or "_", then letters, digits and "_"), found "my node""#
      ]),
    BadGraph(
      "a node without a name",
      nodes: [
        #"{ "op": "negate", "inputs": ["x"] }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["middle"] }"#,
      ],
      report: [
        #"g.json:6:5: error: nodes[0], name: missing; expected the name of the node"#
      ]),
    BadGraph(
      "inputs of another type",
      nodes: [
        #"{ "name": "h", "op": "negate", "inputs": "x" }"#
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "h", inputs: expected an array of value references, or an object of port names to value references, found "x""#
      ]),
    BadGraph(
      "four inputs of a loss",
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "squared_error", "inputs": ["x", "x", "x", "x"] }"#
      ],
      report: [
        #"g.json:6:69: error: nodes[0] "h", inputs: "loss" takes 2 to 3 inputs, found 4"#
      ]),
    BadGraph(
      "named inputs of an operator of many",
      nodes: [
        #"{ "name": "h", "op": "add", "inputs": { "a": "x", "c": "x" } }"#
      ],
      report: [
        #"g.json:6:55: error: nodes[0] "h", inputs: "add" has no input "c"; accepted: a, b; did you mean "b"?"#
      ]),
    BadGraph(
      "three faults of one node",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["y", "zz"], "units": 0, "bias": 2 }"#
      ],
      report: [
        #"g.json:6:45: error: nodes[0] "h", inputs: "dense" takes 1 input, found 2"#,
        #"g.json:6:46: error: nodes[0] "h", inputs[0]: no input or node "y" in the graph; did you mean "x"?"#,
        #"g.json:6:51: error: nodes[0] "h", inputs[1]: no input or node "zz" in the graph"#,
        #"g.json:6:67: error: nodes[0] "h", units: expected an integer of at least 1, found 0"#,
        #"g.json:6:78: error: nodes[0] "h", bias: expected true or false, found 2"#,
      ]),
    BadGraph(
      "a misspelt key for the inputs",
      nodes: [
        #"{ "name": "h", "op": "dense", "input": ["x"], "units": 3 }"#
      ],
      report: [
        #"g.json:6:35: error: nodes[0] "h", input: unknown key "input" of "dense"; accepted: units, bias, activation, weight_init, bias_init; did you mean "inputs"?"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
