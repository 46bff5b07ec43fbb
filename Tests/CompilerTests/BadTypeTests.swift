import Testing

@Suite struct BadTypeTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "an int32 input of dense",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["i"], "units": 3 }"#
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "h", inputs[0]: "dense": needs float32 or float64, found int32"#
      ]),
    BadGraph(
      "two float types",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "add", "inputs": ["x", "w"] }"#
      ],
      report: [
        #"g.json:6:49: error: nodes[0] "h", inputs[1]: "add": types differ: float32 and float64 (cast converts)"#
      ]),
    BadGraph(
      "arithmetic on int32",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "multiply", "inputs": ["i", "i"] }"#
      ],
      report: [
        #"g.json:6:49: error: nodes[0] "h", inputs[0]: "multiply": needs float32 or float64, found int32"#
      ]),
    BadGraph(
      "a float for a logical operator",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "and", "inputs": ["m", "x"] }"#
      ],
      report: [
        #"g.json:6:49: error: nodes[0] "h", inputs[1]: "and": needs bool, found float32"#
      ]),
    BadGraph(
      "a condition that is no bool",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "where", "inputs": ["x", "x", "x"] }"#
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "h", inputs[0]: "where": needs bool, found float32"#
      ]),
    BadGraph(
      "indices that are no int32",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "gather", "inputs": ["x", "x"] }"#
      ],
      report: [
        #"g.json:6:52: error: nodes[0] "h", inputs[1]: "gather": needs int32, found float32"#
      ]),
    BadGraph(
      "an embedding of floats",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "embedding", "inputs": ["x"], "vocabulary": 5, "dimension": 2 }"#
      ],
      report: [
        #"g.json:6:50: error: nodes[0] "h", inputs[0]: "embedding": needs int32, found float32"#
      ]),
    BadGraph(
      "a target of another float type",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "squared_error", "inputs": ["x", "w"] }"#
      ],
      report: [
        #"g.json:6:75: error: nodes[0] "h", inputs[1]: "loss": types differ: prediction float32, target float64; accepted for the target is float32 (cast converts)"#
      ]),
    BadGraph(
      "classes for a squared error",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "squared_error", "inputs": ["x", "i"] }"#
      ],
      report: [
        #"g.json:6:75: error: nodes[0] "h", inputs[1]: "loss": types differ: prediction float32, target int32; accepted for the target is float32 (cast converts)"#
      ]),
    BadGraph(
      "a later type",
      inputs: #"{ "x": { "shape": ["batch", 4], "type": "float16" } }"#,
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      report: [
        #"g.json:4:53: error: inputs.x, type: "float16" is not supported yet; expected one of float32, float64, int32, bool"#
      ]),
    BadGraph(
      "concatenation of two types",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "concatenate", "inputs": ["x", "i"] }"#
      ],
      report: [
        #"g.json:6:57: error: nodes[0] "h", inputs[1]: "concatenate": types differ: float32 and int32 (cast converts)"#
      ]),
    BadGraph(
      "comparison of two types",
      inputs: .types,
      nodes: [
        #"{ "name": "h", "op": "greater", "inputs": ["x", "i"] }"#
      ],
      report: [
        #"g.json:6:53: error: nodes[0] "h", inputs[1]: "greater": types differ: float32 and int32 (cast converts)"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
