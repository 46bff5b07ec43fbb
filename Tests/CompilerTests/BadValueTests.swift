import Testing

@Suite struct BadValueTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "an array of another type",
      nodes: [
        #"{ "name": "h", "op": "transpose", "inputs": ["x"], "permutation": [0, "1"] }"#
      ],
      report: [
        #"g.json:6:75: error: nodes[0] "h", permutation[1]: expected an integer from -64 to 63, found "1""#
      ]),
    BadGraph(
      "an entry below the range",
      nodes: [
        #"{ "name": "h", "op": "pad", "inputs": ["x"], "before": [0, -1], "after": [0, 0] }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", before[1]: expected an integer of at least 0, found -1"#
      ]),
    BadGraph(
      "a permutation that is none",
      nodes: [
        #"{ "name": "h", "op": "transpose", "inputs": ["x"], "permutation": [0, 0] }"#
      ],
      report: [
        #"g.json:6:71: error: nodes[0] "h", permutation: "transpose": [0, 0] does not name each of the 2 axes of [batch, 4] once"#
      ]),
    BadGraph(
      "an unknown element type",
      nodes: [
        #"{ "name": "h", "op": "cast", "inputs": ["x"], "type": "float23" }"#
      ],
      report: [
        #"g.json:6:59: error: nodes[0] "h", type: expected "float32" or "float64" or "int32" or "bool", found "float23"; did you mean "float32"?"#
      ]),
    BadGraph(
      "ragged values",
      nodes: [
        #"{ "name": "h", "op": "constant", "shape": [2, 2], "value": [[1, 2], [3]] }"#
      ],
      report: [
        #"g.json:6:73: error: nodes[0] "h", value: expected a number or nested arrays of numbers of equal length, found [3]"#
      ]),
    BadGraph(
      "values of another shape",
      nodes: [
        #"{ "name": "h", "op": "constant", "shape": [2, 3], "value": [[1, 2], [3, 4]] }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", value: "constant": values of the shape [2, 2] do not fill the shape [2, 3], found [[1, 2], [3, 4]]"#
      ]),
    BadGraph(
      "a value that its type does not hold",
      nodes: [
        #"{ "name": "h", "op": "constant", "shape": [], "value": 1.5, "type": "int32" }"#
      ],
      report: [
        #"g.json:6:60: error: nodes[0] "h", value: "constant": 1.5 is no int32: accepted is an integer from -2147483648 to 2147483647"#
      ]),
    BadGraph(
      "a value far beyond its type",
      nodes: [
        #"{ "name": "h", "op": "constant", "shape": [], "value": 1e300, "type": "int32" }"#
      ],
      report: [
        #"g.json:6:60: error: nodes[0] "h", value: "constant": 1e+300 is no int32: accepted is an integer from -2147483648 to 2147483647, found 1e300"#
      ]),
    BadGraph(
      "a shape entry of zero",
      nodes: [
        #"{ "name": "h", "op": "reshape", "inputs": ["x"], "shape": ["batch", 0] }"#
      ],
      report: [
        #"g.json:6:73: error: nodes[0] "h", shape[1]: expected a positive integer, a symbol or -1, found 0"#
      ]),
    BadGraph(
      "two sizes left open",
      nodes: [
        #"{ "name": "h", "op": "reshape", "inputs": ["x"], "shape": [-1, -1] }"#
      ],
      report: [
        #"g.json:6:63: error: nodes[0] "h", shape: more than one -1 in [-1, -1]"#
      ]),
    BadGraph(
      "a symbol that no input has",
      nodes: [
        #"{ "name": "h", "op": "random_normal", "shape": ["bach", 3] }"#
      ],
      report: [
        #"g.json:6:53: error: nodes[0] "h", shape[0]: no input of the graph has a size "bach"; accepted: batch; did you mean "batch"?"#
      ]),
    BadGraph(
      "a symbol that a reshape's input does not have",
      nodes: [
        #"{ "name": "h", "op": "reshape", "inputs": ["x"], "shape": ["time", 4] }"#
      ],
      report: [
        #"g.json:6:63: error: nodes[0] "h", shape: "reshape": "time" is no symbol of the input [batch, 4]: it has batch, found ["time", 4]"#
      ]),
    BadGraph(
      "an unknown operator",
      nodes: [
        #"{ "name": "h", "op": "desne", "inputs": ["x"], "units": 3, "bogus": 1 }"#
      ],
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: unknown operator "desne"; `nngraph ops` lists the operators; did you mean "dense"?"#
      ]),
    BadGraph(
      "an unknown operator that is near none",
      nodes: [
        #"{ "name": "h", "op": "frobnicate@7", "inputs": ["x"] }"#
      ],
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: unknown operator "frobnicate@7"; `nngraph ops` lists the operators"#
      ]),
    BadGraph(
      "a version that is not there",
      nodes: [
        #"{ "name": "h", "op": "dense@2", "inputs": ["x"], "units": 3 }"#
      ],
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: operator "dense" has no version 2, found "dense@2"; accepted: "dense@1""#
      ]),
    BadGraph(
      "repeat on an operator",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "repeat": 2 }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", repeat: unknown key "repeat" of "dense"; accepted: units, bias, activation, weight_init, bias_init"#
      ]),
    BadGraph(
      "parts and sizes together",
      nodes: [
        #"{ "name": "h", "op": "split", "inputs": ["x"], "parts": 2, "sizes": [2, 2] }"#
      ],
      outputs: #"["h.0"]"#,
      report: [
        #"g.json:6:61: error: nodes[0] "h", parts: "split": takes parts or sizes, not both, found 2"#
      ]),
    BadGraph(
      "clip with its bounds swapped",
      nodes: [
        #"{ "name": "h", "op": "clip", "inputs": ["x"], "minimum": 2, "maximum": 1 }"#
      ],
      report: [
        #"g.json:6:62: error: nodes[0] "h", minimum: "clip": minimum 2 is above maximum 1"#
      ]),
    BadGraph(
      "a text where a word is expected",
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "huber", "reduction": "avg", "inputs": ["x", "x"] }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", reduction: expected "mean" or "sum", found "avg""#
      ]),
    BadGraph(
      "a range that is empty",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "weight_init": { "kind": "uniform", "low": 1, "high": 0 } }"#
      ],
      report: [
        #"g.json:6:107: error: nodes[0] "h", weight_init, low: "uniform": 1 is above high, which is 0"#
      ]),
    BadGraph(
      "an extension key is kept, its misspelling is not",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "x-note": 1, "y-note": 1 }"#
      ],
      report: [
        #"g.json:6:77: error: nodes[0] "h", y-note: unknown key "y-note" of "dense"; accepted: units, bias, activation, weight_init, bias_init"#
      ]),
    BadGraph(
      "a misspelt key that every node has",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "trainble": false }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", trainble: unknown key "trainble" of "dense"; accepted: units, bias, activation, weight_init, bias_init; did you mean "trainable"?"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
