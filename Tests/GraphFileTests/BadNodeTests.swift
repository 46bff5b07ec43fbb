import Testing

@Suite struct BadNodeTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "nodes of another type",
      lines: [6: #""#, 5: #"  "nodes": {"#, 7: #"  },"#],
      report: [
        #"g.json:5:12: error: nodes: expected an array of nodes, found {}"#
      ]),
    BadGraph(
      "node that is no object",
      lines: [6: #"    "dense", null"#],
      report: [
        #"g.json:6:5: error: nodes[0]: expected a node: an object with name, op, inputs and attributes, found "dense""#,
        #"g.json:6:14: error: nodes[1]: expected a node: an object with name, op, inputs and attributes, found null"#,
      ]),
    BadGraph(
      "node without a name",
      lines: [6: #"    { "op": "dense", "inputs": ["x"], "units": 3 }"#],
      report: [
        #"g.json:6:5: error: nodes[0], name: missing; expected the name of the node"#
      ]),
    BadGraph(
      "node without an operator",
      lines: [6: #"    { "name": "h", "inputs": ["x"], "units": 3 }"#],
      report: [
        #"g.json:6:5: error: nodes[0] "h", op: missing; expected the name of an operator or a block"#
      ]),
    BadGraph(
      "node with misspelt keys",
      lines: [6: #"    { "nmae": "h", "opp": "dense", "inputs": ["x"], "units": 3 }"#],
      report: [
        #"g.json:6:7: error: nodes[0]: unknown key "nmae"; did you mean "name"?"#,
        #"g.json:6:20: error: nodes[0]: unknown key "opp"; did you mean "op"?"#,
      ]),
    BadGraph(
      "node name, and what refers to it",
      lines: [
        6: #"    { "name": "my node", "op": "dense", "inputs": ["x"] }"#,
        8: #"  "outputs": ["my node"]"#,
      ],
      report: [
        #"g.json:6:15: error: nodes[0] "my node", name: expected a name (a letter or "_", then letters, digits and "_"), found "my node""#
      ]),
    BadGraph(
      "node name of another type",
      lines: [6: #"    { "name": 1, "op": "relu" }"#],
      report: [
        #"g.json:6:15: error: nodes[0], name: expected a name (a letter or "_", then letters, digits and "_"), found 1"#
      ]),
    BadGraph(
      "node name twice",
      lines: [
        6: #"    { "name": "h", "op": "a" }, { "name": "k", "op": "b" }, { "name": "h", "op": "c" }"#
      ],
      report: [
        #"g.json:6:71: error: nodes[2] "h", name: duplicate name "h"; first at nodes[0]"#
      ]),
    BadGraph(
      "node named as an input",
      lines: [6: #"    { "name": "h", "op": "a" }, { "name": "x", "op": "b" }"#],
      report: [
        #"g.json:6:43: error: nodes[1] "x", name: duplicate name "x"; first at inputs.x"#
      ]),
    BadGraph(
      "operator of another type",
      lines: [6: #"    { "name": "h", "op": ["dense"] }"#],
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: expected the name of an operator or a block, or a name and a version as "dense@1", found ["dense"]"#
      ]),
    BadGraph(
      "operator versions",
      lines: [
        6:
          #"    { "name": "h", "op": "dense@" }, { "name": "i", "op": "dense@0" }, { "name": "j", "op": "dense@one" }, { "name": "k", "op": "" }"#
      ],
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: expected the name of an operator or a block, or a name and a version as "dense@1", found "dense@""#,
        #"g.json:6:59: error: nodes[1] "i", op: expected the name of an operator or a block, or a name and a version as "dense@1", found "dense@0""#,
        #"g.json:6:93: error: nodes[2] "j", op: expected the name of an operator or a block, or a name and a version as "dense@1", found "dense@one""#,
        #"g.json:6:129: error: nodes[3] "k", op: expected the name of an operator or a block, or a name and a version as "dense@1", found """#,
      ]),
    BadGraph(
      "node inputs of another type",
      lines: [6: #"    { "name": "h", "op": "dense", "inputs": "x" }"#],
      report: [
        #"g.json:6:45: error: nodes[0] "h", inputs: expected an array of value references, or an object of port names to value references, found "x""#
      ]),
    BadGraph(
      "node inputs that are no references",
      lines: [6: #"    { "name": "h", "op": "dense", "inputs": ["x", "x.", 3, ["x"]] }"#],
      report: [
        #"g.json:6:51: error: nodes[0] "h", inputs[1]: expected the name of an input or a node, or "node.port", found "x.""#,
        #"g.json:6:57: error: nodes[0] "h", inputs[2]: expected the name of an input or a node, or "node.port", found 3"#,
        #"g.json:6:60: error: nodes[0] "h", inputs[3]: expected the name of an input or a node, or "node.port", found ["x"]"#,
      ]),
    BadGraph(
      "node inputs by name",
      lines: [6: #"    { "name": "h", "op": "dense", "inputs": { "x": "x", "y": false } }"#],
      report: [
        #"g.json:6:62: error: nodes[0] "h", inputs.y: expected the name of an input or a node, or "node.port", found false"#
      ]),
    BadGraph(
      "share",
      lines: [
        6: #"    { "name": "h", "op": "dense", "share": 1 }, { "name": "i", "op": "dense", "share": "a.b" }"#
      ],
      report: [
        #"g.json:6:44: error: nodes[0] "h", share: expected the name of another node, found 1"#,
        #"g.json:6:88: error: nodes[1] "i", share: expected the name of another node, found "a.b""#,
      ]),
    BadGraph(
      "trainable",
      lines: [
        6:
          #"    { "name": "h", "op": "dense", "trainable": "false" }, { "name": "i", "op": "dense", "trainable": 1 }"#
      ],
      report: [
        #"g.json:6:48: error: nodes[0] "h", trainable: expected true or false, found "false""#,
        #"g.json:6:102: error: nodes[1] "i", trainable: expected true or false, found 1"#,
      ]),
    BadGraph(
      "trainable by an argument outside a block",
      lines: [6: #"    { "name": "h", "op": "dense", "trainable": "$frozen" }"#],
      report: [
        #"g.json:6:48: error: nodes[0] "h", trainable: expected true or false, found "$frozen""#
      ]),
    BadGraph(
      "node description",
      lines: [6: #"    { "name": "h", "op": "dense", "description": {} }"#],
      report: [
        #"g.json:6:50: error: nodes[0] "h", description: expected a text in quotes, found {}"#
      ]),
    BadGraph(
      "text that could steer a terminal",
      lines: [6: #"    { "name": "h\u001b[2J", "op": "dense" }"#],
      report: [
        #"g.json:6:15: error: nodes[0] "h\u{1b}[2J", name: expected a name (a letter or "_", then letters, digits and "_"), found "h\u001B[2J""#
      ]),
  ]

  @Test(arguments: graphs) func reportsWhatIsWrong(_ graph: BadGraph) { graph.check() }
}
