import Testing

@Suite struct BadBlockTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "blocks of another type",
      lines: [8: #"  "outputs": ["h"], "blocks": []"#],
      report: [
        #"g.json:8:31: error: blocks: expected an object of names to blocks, found []"#
      ]),
    BadGraph(
      "block that is no object",
      lines: [8: #"  "outputs": ["h"], "blocks": { "b": null }"#],
      report: [
        #"g.json:8:38: error: blocks.b: expected an object with the keys inputs, arguments, nodes, outputs, found null"#
      ]),
    BadGraph(
      "block name",
      lines: [
        8: #"  "outputs": ["h"], "blocks": { "my block": { "inputs": [], "nodes": [], "outputs": [] } }"#
      ],
      report: [
        #"g.json:8:33: error: blocks: expected a name (a letter or "_", then letters, digits and "_"), found "my block""#
      ]),
    BadGraph(
      "block with an unknown key",
      lines: [
        8:
          #"  "outputs": ["h"], "blocks": { "b": { "inputs": ["x"], "argument": {}, "nodes": [], "outputs": ["x"] } }"#
      ],
      report: [
        #"g.json:8:57: error: blocks.b: unknown key "argument"; expected inputs, arguments, nodes, outputs, or a key that begins with x-; did you mean "arguments"?"#
      ]),
    BadGraph(
      "block without its keys",
      lines: [8: #"  "outputs": ["h"], "blocks": { "b": {} }"#],
      report: [
        #"g.json:8:38: error: blocks.b, inputs: missing; expected an array of names"#,
        #"g.json:8:38: error: blocks.b, nodes: missing; expected an array of nodes"#,
        #"g.json:8:38: error: blocks.b, outputs: missing; expected an array of value references"#,
      ]),
    BadGraph(
      "block inputs of another type",
      lines: [
        8: #"  "outputs": ["h"], "blocks": { "b": { "inputs": { "x": 1 }, "nodes": [], "outputs": ["x"] } }"#
      ],
      report: [
        #"g.json:8:50: error: blocks.b, inputs: expected an array of names, found { "x": 1 }"#
      ]),
    BadGraph(
      "block input names",
      lines: [
        8:
          #"  "outputs": ["h"], "blocks": { "b": { "inputs": ["x", "a b", 3, "x"], "nodes": [], "outputs": ["a b"] } }"#
      ],
      report: [
        #"g.json:8:56: error: blocks.b, inputs[1]: expected a name (a letter or "_", then letters, digits and "_"), found "a b""#,
        #"g.json:8:63: error: blocks.b, inputs[2]: expected a name (a letter or "_", then letters, digits and "_"), found 3"#,
        #"g.json:8:66: error: blocks.b, inputs[3]: duplicate name "x"; first at blocks.b, inputs[0]"#,
      ]),
    BadGraph(
      "block arguments of another type",
      lines: [
        8:
          #"  "outputs": ["h"], "blocks": { "b": { "inputs": [], "arguments": ["w"], "nodes": [], "outputs": [] } }"#
      ],
      report: [
        #"g.json:8:67: error: blocks.b, arguments: expected an object of names to defaults; null where there is none, found ["w"]"#
      ]),
    BadGraph(
      "block argument names",
      lines: [
        8:
          #"  "outputs": ["h"], "blocks": { "b": { "inputs": [], "arguments": { "a-b": 1, "repeat": 2, "share": null }, "nodes": [], "outputs": [] } }"#
      ],
      report: [
        #"g.json:8:69: error: blocks.b, arguments: expected a name (a letter or "_", then letters, digits and "_"), found "a-b""#,
        #"g.json:8:79: error: blocks.b, arguments: found "repeat", a key that every use of a block has; expected another name"#,
        #"g.json:8:92: error: blocks.b, arguments: found "share", a key that every use of a block has; expected another name"#,
      ]),
    BadGraph(
      "nodes of a block",
      lines: [
        8:
          #"  "outputs": ["h"], "blocks": { "b": { "inputs": ["x"], "nodes": [{ "name": "x", "op": "relu" }, { "name": "y", "trainable": "$1" }, 5], "outputs": ["y"] } }"#
      ],
      report: [
        #"g.json:8:77: error: blocks.b.nodes[0] "x", name: duplicate name "x"; first at blocks.b, inputs[0]"#,
        #"g.json:8:98: error: blocks.b.nodes[1] "y", op: missing; expected the name of an operator or a block"#,
        #"g.json:8:126: error: blocks.b.nodes[1] "y", trainable: expected true, false or an argument as "$name", found "$1""#,
        #"g.json:8:134: error: blocks.b.nodes[2]: expected a node: an object with name, op, inputs and attributes, found 5"#,
      ]),
    BadGraph(
      "block outputs of another type",
      lines: [
        8: #"  "outputs": ["h"], "blocks": { "b": { "inputs": [], "nodes": [], "outputs": { "y": "x" } } }"#
      ],
      report: [
        #"g.json:8:78: error: blocks.b, outputs: expected an array of value references, found { "y": "x" }"#
      ]),
    BadGraph(
      "block outputs that are no references",
      lines: [
        8:
          #"  "outputs": ["h"], "blocks": { "b": { "inputs": ["x"], "nodes": [], "outputs": ["x", "x/y"] } }"#
      ],
      report: [
        #"g.json:8:87: error: blocks.b, outputs[1]: expected the name of an input or a node, or "node.port", found "x/y""#
      ]),
  ]

  @Test(arguments: graphs) func reportsWhatIsWrong(_ graph: BadGraph) { graph.check() }
}
