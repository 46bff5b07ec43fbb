import Testing

@Suite struct BadLimitTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "a number of copies",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2000000000 }"#
      ],
      more: residual,
      report: [
        #"[limit] g.json:6:77: error: nodes[0] "h", repeat: found 2000000000; the graph would expand to 4000000000 nodes or more, over the limit of 100000"#
      ]),
    BadGraph(
      "copies of copies",
      nodes: [
        #"{ "name": "h", "op": "a", "inputs": ["x"], "repeat": 1000 }"#
      ],
      more: #"""
          "blocks": {
            "a": { "inputs": ["v"], "nodes": [ { "name": "n", "op": "b", "inputs": ["v"], "repeat": 1000 } ], "outputs": ["n"] },
            "b": { "inputs": ["v"], "nodes": [ { "name": "n", "op": "negate", "inputs": ["v"] } ], "outputs": ["n"] }
          }
        """#,
      report: [
        #"[limit] g.json:10:93: error: blocks.a.nodes[0] "n", repeat: found 1000; the graph would expand to 1000000 nodes or more, over the limit of 100000"#
      ]),
    BadGraph(
      "copies of an empty block",
      nodes: [
        #"{ "name": "h", "op": "b", "inputs": ["x"], "repeat": 9223372036854775807 }"#
      ],
      more: #"  "blocks": { "b": { "inputs": ["v"], "nodes": [], "outputs": ["v"] } }"#,
      report: [
        #"[limit] g.json:6:58: error: nodes[0] "h", repeat: found 9223372036854775807; the graph would expand to 9223372036854775807 nodes or more, over the limit of 100000"#
      ]),
    BadGraph(
      "blocks of blocks of blocks",
      nodes: [
        #"{ "name": "h", "op": "b7", "inputs": ["x"] }"#
      ],
      more: #"""
          "blocks": {
            "b0": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "negate", "inputs": ["v"] }, { "name": "n1", "op": "negate", "inputs": ["v"] }, { "name": "n2", "op": "negate", "inputs": ["v"] }, { "name": "n3", "op": "negate", "inputs": ["v"] }, { "name": "n4", "op": "negate", "inputs": ["v"] }, { "name": "n5", "op": "negate", "inputs": ["v"] }, { "name": "n6", "op": "negate", "inputs": ["v"] }, { "name": "n7", "op": "negate", "inputs": ["v"] }, { "name": "n8", "op": "negate", "inputs": ["v"] }, { "name": "n9", "op": "negate", "inputs": ["v"] } ], "outputs": ["n9"] },
            "b1": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "b0", "inputs": ["v"] }, { "name": "n1", "op": "b0", "inputs": ["v"] }, { "name": "n2", "op": "b0", "inputs": ["v"] }, { "name": "n3", "op": "b0", "inputs": ["v"] }, { "name": "n4", "op": "b0", "inputs": ["v"] }, { "name": "n5", "op": "b0", "inputs": ["v"] }, { "name": "n6", "op": "b0", "inputs": ["v"] }, { "name": "n7", "op": "b0", "inputs": ["v"] }, { "name": "n8", "op": "b0", "inputs": ["v"] }, { "name": "n9", "op": "b0", "inputs": ["v"] } ], "outputs": ["n9"] },
            "b2": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "b1", "inputs": ["v"] }, { "name": "n1", "op": "b1", "inputs": ["v"] }, { "name": "n2", "op": "b1", "inputs": ["v"] }, { "name": "n3", "op": "b1", "inputs": ["v"] }, { "name": "n4", "op": "b1", "inputs": ["v"] }, { "name": "n5", "op": "b1", "inputs": ["v"] }, { "name": "n6", "op": "b1", "inputs": ["v"] }, { "name": "n7", "op": "b1", "inputs": ["v"] }, { "name": "n8", "op": "b1", "inputs": ["v"] }, { "name": "n9", "op": "b1", "inputs": ["v"] } ], "outputs": ["n9"] },
            "b3": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "b2", "inputs": ["v"] }, { "name": "n1", "op": "b2", "inputs": ["v"] }, { "name": "n2", "op": "b2", "inputs": ["v"] }, { "name": "n3", "op": "b2", "inputs": ["v"] }, { "name": "n4", "op": "b2", "inputs": ["v"] }, { "name": "n5", "op": "b2", "inputs": ["v"] }, { "name": "n6", "op": "b2", "inputs": ["v"] }, { "name": "n7", "op": "b2", "inputs": ["v"] }, { "name": "n8", "op": "b2", "inputs": ["v"] }, { "name": "n9", "op": "b2", "inputs": ["v"] } ], "outputs": ["n9"] },
            "b4": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "b3", "inputs": ["v"] }, { "name": "n1", "op": "b3", "inputs": ["v"] }, { "name": "n2", "op": "b3", "inputs": ["v"] }, { "name": "n3", "op": "b3", "inputs": ["v"] }, { "name": "n4", "op": "b3", "inputs": ["v"] }, { "name": "n5", "op": "b3", "inputs": ["v"] }, { "name": "n6", "op": "b3", "inputs": ["v"] }, { "name": "n7", "op": "b3", "inputs": ["v"] }, { "name": "n8", "op": "b3", "inputs": ["v"] }, { "name": "n9", "op": "b3", "inputs": ["v"] } ], "outputs": ["n9"] },
            "b5": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "b4", "inputs": ["v"] }, { "name": "n1", "op": "b4", "inputs": ["v"] }, { "name": "n2", "op": "b4", "inputs": ["v"] }, { "name": "n3", "op": "b4", "inputs": ["v"] }, { "name": "n4", "op": "b4", "inputs": ["v"] }, { "name": "n5", "op": "b4", "inputs": ["v"] }, { "name": "n6", "op": "b4", "inputs": ["v"] }, { "name": "n7", "op": "b4", "inputs": ["v"] }, { "name": "n8", "op": "b4", "inputs": ["v"] }, { "name": "n9", "op": "b4", "inputs": ["v"] } ], "outputs": ["n9"] },
            "b6": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "b5", "inputs": ["v"] }, { "name": "n1", "op": "b5", "inputs": ["v"] }, { "name": "n2", "op": "b5", "inputs": ["v"] }, { "name": "n3", "op": "b5", "inputs": ["v"] }, { "name": "n4", "op": "b5", "inputs": ["v"] }, { "name": "n5", "op": "b5", "inputs": ["v"] }, { "name": "n6", "op": "b5", "inputs": ["v"] }, { "name": "n7", "op": "b5", "inputs": ["v"] }, { "name": "n8", "op": "b5", "inputs": ["v"] }, { "name": "n9", "op": "b5", "inputs": ["v"] } ], "outputs": ["n9"] },
            "b7": { "inputs": ["v"], "nodes": [ { "name": "n0", "op": "b6", "inputs": ["v"] }, { "name": "n1", "op": "b6", "inputs": ["v"] }, { "name": "n2", "op": "b6", "inputs": ["v"] }, { "name": "n3", "op": "b6", "inputs": ["v"] }, { "name": "n4", "op": "b6", "inputs": ["v"] }, { "name": "n5", "op": "b6", "inputs": ["v"] }, { "name": "n6", "op": "b6", "inputs": ["v"] }, { "name": "n7", "op": "b6", "inputs": ["v"] }, { "name": "n8", "op": "b6", "inputs": ["v"] }, { "name": "n9", "op": "b6", "inputs": ["v"] } ], "outputs": ["n9"] }
          }
        """#,
      report: [
        #"[limit] g.json:6:26: error: nodes[0] "h", op: the graph would expand to more nodes, or more values in them, than the limit of 100000 nodes allows"#
      ]),
    BadGraph(
      "blocks in blocks, 40 deep",
      nodes: [
        #"{ "name": "h", "op": "b39", "inputs": ["x"] }"#
      ],
      more: nestedBlocks,
      report: [
        #"[limit] g.json:6:26: error: nodes[0] "h", op: blocks are nested 40 deep here, deeper than the limit of 32"#
      ]),
    BadGraph(
      "blocks in blocks that nothing uses",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      more: nestedBlocks,
      report: [
        #"[limit] g.json:42:63: error: blocks.b32.nodes[0] "n", op: blocks are nested 33 deep here, deeper than the limit of 32"#
      ]),
    BadGraph(
      "units beyond a size",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3000000000 }"#
      ],
      report: [
        #"[limit] g.json:6:61: error: nodes[0] "h", units: a size of 3000000000 in [batch, 3000000000] is over the limit of 2147483647"#
      ]),
    BadGraph(
      "a shape of nine axes",
      nodes: [
        #"{ "name": "h", "op": "constant", "shape": [1, 1, 1, 1, 1, 1, 1, 1, 1], "value": 0 }"#
      ],
      report: [
        #"[limit] g.json:6:5: error: nodes[0] "h": [1, 1, 1, 1, 1, 1, 1, 1, 1] has 9 axes, over the limit of 8"#
      ]),
    BadGraph(
      "an axis beyond a size",
      nodes: [
        #"{ "name": "h", "op": "reshape", "inputs": ["x"], "shape": [2147483648, -1] }"#
      ],
      report: [
        #"[limit] g.json:6:64: error: nodes[0] "h", shape[0]: a size of 2147483648 is over the limit of 2147483647"#
      ]),
    BadGraph(
      "a size that saturates",
      nodes: [
        #"{ "name": "h", "op": "pad", "inputs": ["x"], "before": [0, 9223372036854775807], "after": [0, 9223372036854775807] }"#
      ],
      report: [
        #"[limit] g.json:6:60: error: nodes[0] "h", before: a size in [batch, 9223372036854775807] is too large, or too long an expression of symbols"#
      ]),
    BadGraph(
      "parts beyond every axis",
      nodes: [
        #"{ "name": "h", "op": "split", "inputs": ["x"], "parts": 2000000000 }"#
      ],
      outputs: #"["h.0"]"#,
      report: [
        #"g.json:6:61: error: nodes[0] "h", parts: expected an integer from 1 to 4096, found 2000000000"#
      ]),
    BadGraph(
      "expanded axes beyond the rank",
      inputs: #"{ "x": { "shape": [1, 1, 1, 1, 1, 1, 1, 1] } }"#,
      nodes: [
        #"{ "name": "h", "op": "expand_dimensions", "inputs": ["x"], "axis": 0 }"#
      ],
      report: [
        #"[limit] g.json:6:5: error: nodes[0] "h": [1, 1, 1, 1, 1, 1, 1, 1, 1] has 9 axes, over the limit of 8"#
      ]),
    BadGraph(
      "a limit beside other faults",
      nodes: [
        #"{ "name": "big", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2000000000 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["big"], "units": "x" }"#,
        #"{ "name": "c", "op": "negate", "inputs": ["bg"] }"#,
      ],
      more: residual,
      report: [
        #"[limit] g.json:6:79: error: nodes[0] "big", repeat: found 2000000000; the graph would expand to 4000000000 nodes or more, over the limit of 100000"#,
        #"g.json:7:63: error: nodes[1] "h", units: expected an integer of at least 1, found "x""#,
        #"g.json:8:47: error: nodes[2] "c", inputs[0]: no input or node "bg" in the graph; did you mean "big"?"#,
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}

/// Forty blocks, `b0` to `b39`, a line each; each but the first uses the one before.
private let nestedBlocks: String = {
  let blocks = (0..<40).map { number in
    let op = number == 0 ? "negate" : "b\(number - 1)"
    let node = #"{ "name": "n", "op": "\#(op)", "inputs": ["v"] }"#
    return #"    "b\#(number)": { "inputs": ["v"], "nodes": [ \#(node) ], "outputs": ["n"] }"#
  }
  return "  \"blocks\": {\n" + blocks.joined(separator: ",\n") + "\n  }"
}()
