import Testing

@Suite struct BadSharingTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "an unknown node",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "share": "ownr" }"#,
      ],
      report: [
        #"g.json:7:73: error: nodes[1] "h", share: "h" can share with another node of its operator; "ownr" is no node here; did you mean "owner"?"#
      ]),
    BadGraph(
      "another operator",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "prelu", "inputs": ["x"], "share": "owner" }"#,
      ],
      report: [
        #"g.json:7:61: error: nodes[1] "h", share: "h" is "prelu", but "owner" is "dense""#
      ]),
    BadGraph(
      "itself",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "share": "h" }"#,
      ],
      report: [
        #"g.json:7:73: error: nodes[1] "h", share: "h" can share with another node of its operator; "h" is the node itself"#
      ]),
    BadGraph(
      "one that shares in turn",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "a", "op": "dense", "inputs": ["x"], "units": 4, "share": "owner" }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "share": "a" }"#,
      ],
      report: [
        #"g.json:8:73: error: nodes[2] "h", share: "h" shares with "a", which shares in turn with "owner"; name the owner"#
      ]),
    BadGraph(
      "with trainable",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "share": "owner", "trainable": false }"#,
      ],
      report: [
        #"g.json:7:95: error: nodes[1] "h", trainable: "h" shares with "owner" and has no parameters of its own"#
      ]),
    BadGraph(
      "other shapes",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 5, "share": "owner" }"#,
      ],
      report: [
        #"g.json:7:73: error: nodes[1] "h", share: "h" needs weight float32 [5, 4], bias float32 [5], but "owner" has weight float32 [4, 4], bias float32 [4]"#
      ]),
    BadGraph(
      "another bias",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "bias": false, "share": "owner" }"#,
      ],
      report: [
        #"g.json:7:88: error: nodes[1] "h", share: "h" needs weight float32 [4, 4], but "owner" has weight float32 [4, 4], bias float32 [4]"#
      ]),
    BadGraph(
      "a graph input",
      nodes: [
        #"{ "name": "owner", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "share": "x" }"#,
      ],
      report: [
        #"g.json:7:73: error: nodes[1] "h", share: "h" can share with another node of its operator; "x" is no node here"#
      ]),
    BadGraph(
      "uses with different repeat",
      nodes: [
        #"{ "name": "one", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2 }"#,
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 3, "share": "one" }"#,
      ],
      more: residual,
      report: [
        #"g.json:7:89: error: nodes[1] "h", share: "h" has repeat 3, but "one" has repeat 2"#
      ]),
    BadGraph(
      "uses of different blocks",
      nodes: [
        #"{ "name": "one", "op": "dense", "inputs": ["x"], "units": 4 }"#,
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "share": "one" }"#,
      ],
      more: residual,
      report: [
        #"g.json:7:76: error: nodes[1] "h", share: "h" is a use of block "residual" and can share with another one; "one" is a node of "dense""#
      ]),
    BadGraph(
      "a use that shares in turn",
      nodes: [
        #"{ "name": "one", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2 }"#,
        #"{ "name": "two", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2, "share": "one" }"#,
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2, "share": "two" }"#,
      ],
      more: residual,
      report: [
        #"g.json:8:89: error: nodes[2] "h", share: "h" shares with "two", which shares in turn with "one"; name the owner"#
      ]),
    BadGraph(
      "a node with a use",
      nodes: [
        #"{ "name": "one", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2 }"#,
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "share": "one" }"#,
      ],
      more: residual,
      report: [
        #"g.json:7:73: error: nodes[1] "h", share: "h" can share with another node of its operator; "one" is a use of a block"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
