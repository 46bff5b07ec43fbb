import Testing

@Suite struct BadShapeTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "a size that is no symbol, of an input that a node reads",
      inputs: #"{ "x": { "shape": ["batch", "w + 1"] } }"#,
      nodes: [
        #"{ "name": "h", "op": "negate", "inputs": ["x"] }"#
      ],
      report: [
        #"g.json:4:41: error: inputs.x, shape[1]: expected a positive integer, or a symbol (a letter or "_", then letters, digits and "_"), found "w + 1""#
      ]),
    BadGraph(
      "dense on an axis of unknown size",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["u"], "units": 3 }"#
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "h", inputs[0]: "dense": parameters need a known size, but axis 1 of [batch, width] is width"#
      ]),
    BadGraph(
      "dense on a number",
      inputs: .shapes,
      nodes: [
        #"{ "name": "c", "op": "constant", "shape": [], "value": 1 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["c"], "units": 3 }"#,
      ],
      report: [
        #"g.json:7:46: error: nodes[1] "h", inputs[0]: "dense": needs more axes than [] has"#
      ]),
    BadGraph(
      "sizes that do not broadcast",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "add", "inputs": ["x", "y"] }"#
      ],
      report: [
        #"g.json:6:49: error: nodes[0] "h", inputs[1]: "add": shapes [batch, 16] and [batch, 8] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#
      ]),
    BadGraph(
      "a symbol against another",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "add", "inputs": ["u", "x"] }"#
      ],
      report: [
        #"g.json:6:49: error: nodes[0] "h", inputs[1]: "add": shapes [batch, width] and [batch, 16] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#
      ]),
    BadGraph(
      "a matrix product",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "matmul", "inputs": ["x", "y"] }"#
      ],
      report: [
        #"g.json:6:52: error: nodes[0] "h", inputs[1]: "matmul": shapes [batch, 16] and [batch, 8] do not multiply: a row of a has 16 numbers, b has batch rows"#
      ]),
    BadGraph(
      "a matrix product of a vector",
      inputs: .shapes,
      nodes: [
        #"{ "name": "c", "op": "constant", "shape": [16], "value": 1 }"#,
        #"{ "name": "h", "op": "matmul", "inputs": ["x", "c"] }"#,
      ],
      report: [
        #"g.json:7:52: error: nodes[1] "h", inputs[1]: "matmul": needs 2 axes or more, found [16]"#
      ]),
    BadGraph(
      "concatenation along another axis",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "concatenate", "axis": 0, "inputs": ["x", "y"] }"#
      ],
      report: [
        #"g.json:6:68: error: nodes[0] "h", inputs[1]: "concatenate": shapes [batch, 16] and [batch, 8] differ in more than axis 0"#
      ]),
    BadGraph(
      "concatenation of two ranks",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "concatenate", "inputs": ["x", "s"] }"#
      ],
      report: [
        #"g.json:6:57: error: nodes[0] "h", inputs[1]: "concatenate": shapes [batch, 16] and [batch, time, 6] differ in more than axis -1"#
      ]),
    BadGraph(
      "a reshape that does not fit",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "reshape", "inputs": ["x"], "shape": ["batch", 5] }"#
      ],
      report: [
        #"g.json:6:63: error: nodes[0] "h", shape: "reshape": shape [batch, 16] has 16*batch elements, which do not fill [batch, 5], found ["batch", 5]"#
      ]),
    BadGraph(
      "parts that do not divide",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "split", "inputs": ["x"], "parts": 3 }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", parts: "split": 3 parts do not divide the size 16 of axis -1 of [batch, 16]"#
      ]),
    BadGraph(
      "sizes that do not fill",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "split", "inputs": ["x"], "sizes": [8, 9] }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", sizes: "split": sizes [8, 9] sum to 17, but axis -1 of [batch, 16] has the size 16"#
      ]),
    BadGraph(
      "an empty slice",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "slice", "inputs": ["x"], "axis": 1, "start": 5, "stop": 5 }"#
      ],
      report: [
        #"g.json:6:83: error: nodes[0] "h", stop: "slice": 5:5 of axis 1 of [batch, 16] is empty"#
      ]),
    BadGraph(
      "an axis that is not there",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "softmax", "inputs": ["x"], "axis": 2 }"#
      ],
      report: [
        #"g.json:6:62: error: nodes[0] "h", axis: "softmax": axis 2 is outside the 2 axes of [batch, 16]"#
      ]),
    BadGraph(
      "an axis far below",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "cumulative_sum", "inputs": ["x"], "axis": -9223372036854775808 }"#
      ],
      report: [
        #"g.json:6:69: error: nodes[0] "h", axis: "cumulative_sum": axis -9223372036854775808 is outside the 2 axes of [batch, 16]"#
      ]),
    BadGraph(
      "an axis twice",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "reduce_sum", "inputs": ["x"], "axes": [1, -1] }"#
      ],
      report: [
        #"g.json:6:65: error: nodes[0] "h", axes: "reduce_sum": axis -1 names axis 1 of [batch, 16] again; each axis goes once, found [1, -1]"#
      ]),
    BadGraph(
      "padding of another rank",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "pad", "inputs": ["x"], "before": [1], "after": [0, 0] }"#
      ],
      report: [
        #"g.json:6:60: error: nodes[0] "h", before: "pad": [1] has 1 entries, but [batch, 16] has 2 axes"#
      ]),
    BadGraph(
      "a permutation of another rank",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "transpose", "inputs": ["s"], "permutation": [1, 0] }"#
      ],
      report: [
        #"g.json:6:71: error: nodes[0] "h", permutation: "transpose": [1, 0] does not name each of the 3 axes of [batch, time, 6] once"#
      ]),
    BadGraph(
      "a squeeze of an axis that is not one",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "squeeze", "inputs": ["x"], "axis": 1 }"#
      ],
      report: [
        #"g.json:6:62: error: nodes[0] "h", axis: "squeeze": axis 1 of [batch, 16] has the size 16, not 1"#
      ]),
    BadGraph(
      "a gather beyond the rank",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "gather", "inputs": ["x", "l"], "axis": 2 }"#
      ],
      report: [
        #"g.json:6:66: error: nodes[0] "h", axis: "gather": axis 2 is outside the 2 axes of [batch, 16]"#
      ]),
    BadGraph(
      "a target of another shape",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "mean_squared_error", "inputs": ["x", "y"] }"#
      ],
      report: [
        #"g.json:6:80: error: nodes[0] "h", inputs[1]: "loss": target [batch, 8] does not fit prediction [batch, 16]; accepted is [batch, 16]"#
      ]),
    BadGraph(
      "classes of another shape",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "cross_entropy", "inputs": ["s", "l"] }"#
      ],
      report: [
        #"g.json:6:75: error: nodes[0] "h", inputs[1]: "loss": target [batch] does not fit prediction [batch, time, 6]; accepted is int32 [batch, time], one class for each row"#
      ]),
    BadGraph(
      "weights of another shape",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "cross_entropy", "inputs": ["x", "l", "y"] }"#
      ],
      report: [
        #"g.json:6:80: error: nodes[0] "h", inputs[2]: "loss": weight [batch, 8] does not fit prediction [batch, 16]; accepted is [batch]"#
      ]),
    BadGraph(
      "channels of another number",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "prelu", "inputs": ["x"], "channels": 3 }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", channels: "prelu": 3 channels do not fit [batch, 16]; accepted are 1 and the size of axis 1"#
      ]),
    BadGraph(
      "batch_norm on one axis",
      inputs: .shapes,
      nodes: [
        #"{ "name": "c", "op": "constant", "shape": [4], "value": 1 }"#,
        #"{ "name": "h", "op": "batch_norm", "inputs": ["c"] }"#,
      ],
      report: [
        #"g.json:7:51: error: nodes[1] "h", inputs[0]: "batch_norm": needs 2 axes or more, [batch, channels, ...], found [4]"#
      ]),
    BadGraph(
      "a label smoothing above one",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "cross_entropy", "label_smoothing": 1.5, "inputs": ["x", "l"] }"#
      ],
      report: [
        #"g.json:6:78: error: nodes[0] "h", label_smoothing: expected a number in [0, 1], found 1.5"#
      ]),
    BadGraph(
      "an unknown loss",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "cross_entrophy", "label_smoothing": 0.5, "inputs": ["x", "l"] }"#
      ],
      report: [
        #"g.json:6:42: error: nodes[0] "h", kind: unknown loss "cross_entrophy"; accepted: binary_cross_entropy, cross_entropy, hinge, huber, kl_divergence, mean_absolute_error, mean_squared_error, negative_log_likelihood, squared_error; did you mean "cross_entropy"?"#
      ]),
    BadGraph(
      "an attribute of another loss",
      inputs: .shapes,
      nodes: [
        #"{ "name": "h", "op": "loss", "kind": "huber", "from_logits": true, "inputs": ["x", "x"] }"#
      ],
      report: [
        #"g.json:6:51: error: nodes[0] "h", from_logits: unknown key "from_logits" of "loss"; accepted: kind, reduction, delta"#
      ]),
    BadGraph(
      "only the first of two conflicts that follow",
      inputs: .shapes,
      nodes: [
        #"{ "name": "a", "op": "add", "inputs": ["x", "y"] }"#,
        #"{ "name": "b", "op": "matmul", "inputs": ["a", "a"] }"#,
        #"{ "name": "h", "op": "softmax", "inputs": ["b"], "axis": 7 }"#,
      ],
      report: [
        #"g.json:6:49: error: nodes[0] "a", inputs[1]: "add": shapes [batch, 16] and [batch, 8] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#
      ]),
    BadGraph(
      "a conflict of broadcast symbols",
      inputs: #"{ "a": { "shape": ["batch", "time"] }, "b": { "shape": ["batch", "width"] } }"#,
      nodes: [
        #"{ "name": "h", "op": "add", "inputs": ["a", "b"] }"#
      ],
      report: [
        #"g.json:6:49: error: nodes[0] "h", inputs[1]: "add": shapes [batch, time] and [batch, width] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#
      ]),
    BadGraph(
      "a conflict of computed sizes",
      inputs: #"{ "a": { "shape": ["batch", "time"] } }"#,
      nodes: [
        #"{ "name": "p", "op": "pad", "inputs": ["a"], "before": [0, 2], "after": [0, 0] }"#,
        #"{ "name": "h", "op": "add", "inputs": ["a", "p"] }"#,
      ],
      report: [
        #"g.json:7:49: error: nodes[1] "h", inputs[1]: "add": shapes [batch, time] and [batch, time + 2] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#
      ]),
    BadGraph(
      "three inputs of which one does not fit",
      inputs: #"{ "a": { "shape": [2, 3] }, "b": { "shape": [3] }, "c": { "shape": [4] } }"#,
      nodes: [
        #"{ "name": "h", "op": "add", "inputs": ["a", "b", "c"] }"#
      ],
      report: [
        #"g.json:6:54: error: nodes[0] "h", inputs[2]: "add": shapes [2, 3] and [4] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#
      ]),
    BadGraph(
      "the leading axes of a matrix product",
      inputs: #"{ "a": { "shape": [2, 3, 4] }, "b": { "shape": [5, 4, 3] } }"#,
      nodes: [
        #"{ "name": "h", "op": "matmul", "inputs": ["a", "b"] }"#
      ],
      report: [
        #"g.json:6:52: error: nodes[0] "h", inputs[1]: "matmul": shapes [2, 3, 4] and [5, 4, 3] do not multiply: the leading axes do not broadcast"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
