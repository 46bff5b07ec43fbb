import Testing

@Suite struct BadCycleTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "a node that reads itself",
      nodes: [
        #"{ "name": "h", "op": "negate", "inputs": ["h"] }"#
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "h", inputs: a cycle: "h" needs its own value to be computed first"#
      ]),
    BadGraph(
      "two nodes",
      nodes: [
        #"{ "name": "a", "op": "negate", "inputs": ["h"] }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["a"] }"#,
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "a", inputs: a cycle: each of "a", "h" needs the value of another to be computed first"#
      ]),
    BadGraph(
      "off the path to the outputs",
      nodes: [
        #"{ "name": "h", "op": "negate", "inputs": ["x"] }"#,
        #"{ "name": "p", "op": "add", "inputs": ["h", "r"] }"#,
        #"{ "name": "q", "op": "negate", "inputs": ["p"] }"#,
        #"{ "name": "r", "op": "negate", "inputs": ["q"] }"#,
      ],
      report: [
        #"g.json:7:43: error: nodes[1] "p", inputs: a cycle: each of "p", "q", "r" needs the value of another to be computed first"#
      ]),
    BadGraph(
      "two cycles and what stands behind them",
      nodes: [
        #"{ "name": "a", "op": "negate", "inputs": ["b"] }"#,
        #"{ "name": "b", "op": "negate", "inputs": ["a"] }"#,
        #"{ "name": "c", "op": "negate", "inputs": ["d"] }"#,
        #"{ "name": "d", "op": "negate", "inputs": ["c"] }"#,
        #"{ "name": "h", "op": "add", "inputs": ["a", "d"] }"#,
      ],
      report: [
        #"g.json:6:46: error: nodes[0] "a", inputs: a cycle: each of "a", "b" needs the value of another to be computed first"#,
        #"g.json:8:46: error: nodes[2] "c", inputs: a cycle: each of "c", "d" needs the value of another to be computed first"#,
      ]),
    BadGraph(
      "through a block",
      nodes: [
        #"{ "name": "a", "op": "negate", "inputs": ["u"] }"#,
        #"{ "name": "u", "op": "twice", "inputs": ["a"] }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["x"] }"#,
      ],
      more:
        #"  "blocks": { "twice": { "inputs": ["v"], "nodes": [ { "name": "sum", "op": "add", "inputs": ["v", "v"] } ], "outputs": ["sum"] } }"#,
      report: [
        #"g.json:6:46: error: nodes[0] "a", inputs: a cycle: each of "a", "u/sum" needs the value of another to be computed first"#
      ]),
    BadGraph(
      "through blocks without a node",
      nodes: [
        #"{ "name": "p", "op": "pass", "inputs": ["q"] }"#,
        #"{ "name": "q", "op": "pass", "inputs": ["p"] }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["x"] }"#,
      ],
      more: #"  "blocks": { "pass": { "inputs": ["v"], "nodes": [], "outputs": ["v"] } }"#,
      report: [
        #"g.json:6:45: error: nodes[0] "p", inputs[0]: a cycle: each of "p", "q" needs the value of another to be computed first"#
      ]),
    BadGraph(
      "with a wrong attribute on it",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["h"], "units": 0 }"#
      ],
      report: [
        #"g.json:6:45: error: nodes[0] "h", inputs: a cycle: "h" needs its own value to be computed first"#,
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found 0"#,
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
