import Testing

@Suite struct BadInputTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "inputs of another type",
      lines: [4: #"  "inputs": ["x"],"#],
      report: [
        #"g.json:4:13: error: inputs: expected an object of names to shapes and types, found ["x"]"#
      ]),
    BadGraph(
      "input name",
      lines: [4: #"  "inputs": { "x": { "shape": [] }, "my input": { "shape": [] } },"#],
      report: [
        #"g.json:4:37: error: inputs: expected a name (a letter or "_", then letters, digits and "_"), found "my input""#
      ]),
    BadGraph(
      "input that is no object",
      lines: [4: #"  "inputs": { "x": [4] },"#],
      report: [
        #"g.json:4:20: error: inputs.x: expected an object with the keys shape, type, description, found [4]"#
      ]),
    BadGraph(
      "input with an unknown key",
      lines: [4: #"  "inputs": { "x": { "shape": [4], "dtype": "float32", "tipe": "int32" } },"#],
      report: [
        #"g.json:4:36: error: inputs.x: unknown key "dtype"; expected shape, type, description, or a key that begins with x-; did you mean "type"?"#,
        #"g.json:4:56: error: inputs.x: unknown key "tipe"; expected shape, type, description, or a key that begins with x-; did you mean "type"?"#,
      ]),
    BadGraph(
      "input without a shape",
      lines: [4: #"  "inputs": { "x": { "type": "float32" } },"#],
      report: [
        #"g.json:4:20: error: inputs.x, shape: missing; expected an array of positive integers and symbols"#
      ]),
    BadGraph(
      "input with a misspelt shape",
      lines: [4: #"  "inputs": { "x": { "shap": [4] } },"#],
      report: [
        #"g.json:4:22: error: inputs.x: unknown key "shap"; expected shape, type, description, or a key that begins with x-; did you mean "shape"?"#
      ]),
    BadGraph(
      "shape of another type",
      lines: [4: #"  "inputs": { "x": { "shape": 4 } },"#],
      report: [
        #"g.json:4:31: error: inputs.x, shape: expected an array of positive integers and symbols, found 4"#
      ]),
    BadGraph(
      "sizes that are not positive",
      lines: [4: #"  "inputs": { "x": { "shape": [0, -3, 2.5, 1e1, null] } },"#],
      report: [
        #"g.json:4:32: error: inputs.x, shape[0]: expected a positive integer, or the name of a symbol in quotes, found 0"#,
        #"g.json:4:35: error: inputs.x, shape[1]: expected a positive integer, or the name of a symbol in quotes, found -3"#,
        #"g.json:4:39: error: inputs.x, shape[2]: expected a positive integer, or the name of a symbol in quotes, found 2.5"#,
        #"g.json:4:44: error: inputs.x, shape[3]: expected a positive integer, or the name of a symbol in quotes, found 1e1"#,
        #"g.json:4:49: error: inputs.x, shape[4]: expected a positive integer, or the name of a symbol in quotes, found null"#,
      ]),
    BadGraph(
      "symbols that are no names",
      lines: [4: #"  "inputs": { "x": { "shape": ["batch size", "2", ""] } },"#],
      report: [
        #"g.json:4:32: error: inputs.x, shape[0]: expected a positive integer, or a symbol (a letter or "_", then letters, digits and "_"), found "batch size""#,
        #"g.json:4:46: error: inputs.x, shape[1]: expected a positive integer, or a symbol (a letter or "_", then letters, digits and "_"), found "2""#,
        #"g.json:4:51: error: inputs.x, shape[2]: expected a positive integer, or a symbol (a letter or "_", then letters, digits and "_"), found """#,
      ]),
    BadGraph(
      "sizes over the limit",
      lines: [
        4: #"  "inputs": { "x": { "shape": [2147483647, 2147483648, 99999999999999999999] } },"#
      ],
      report: [
        #"[limit] g.json:4:44: error: inputs.x, shape[1]: found 2147483648, more than the limit of 2147483647 for one axis"#,
        #"[limit] g.json:4:56: error: inputs.x, shape[2]: found 99999999999999999999, more than the limit of 2147483647 for one axis"#,
      ]),
    BadGraph(
      "too many axes",
      lines: [4: #"  "inputs": { "x": { "shape": [1, 2, 3, 4, 5, 6, 7, 8, 9] } },"#],
      report: [
        #"[limit] g.json:4:31: error: inputs.x, shape: found 9 axes in [1, 2, 3, 4, 5, 6, 7, 8, 9], more than the limit of 8"#
      ]),
    BadGraph(
      "unknown type",
      lines: [4: #"  "inputs": { "x": { "shape": [4], "type": "float23" } },"#],
      report: [
        #"g.json:4:44: error: inputs.x, type: expected one of float32, float64, int32, bool, found "float23"; did you mean "float32"?"#
      ]),
    BadGraph(
      "type that is not supported yet",
      lines: [4: #"  "inputs": { "x": { "shape": [4], "type": "bfloat16" } },"#],
      report: [
        #"g.json:4:44: error: inputs.x, type: "bfloat16" is not supported yet; expected one of float32, float64, int32, bool"#
      ]),
    BadGraph(
      "type of another type",
      lines: [4: #"  "inputs": { "x": { "shape": [4], "type": 32 } },"#],
      report: [
        #"g.json:4:44: error: inputs.x, type: expected one of float32, float64, int32, bool, found 32"#
      ]),
    BadGraph(
      "description of an input",
      lines: [4: #"  "inputs": { "x": { "shape": [4], "description": 1 } },"#],
      report: [
        #"g.json:4:51: error: inputs.x, description: expected a text in quotes, found 1"#
      ]),
    BadGraph(
      "outputs of another type",
      lines: [8: #"  "outputs": "h""#],
      report: [
        #"g.json:8:14: error: outputs: expected an array of value references, or an object of names to value references, found "h""#
      ]),
    BadGraph(
      "outputs that are no references",
      lines: [8: #"  "outputs": ["h.", "a.b.c", 3, null, "body/first", "$h"]"#],
      report: [
        #"g.json:8:15: error: outputs[0]: expected the name of an input or a node, or "node.port", found "h.""#,
        #"g.json:8:21: error: outputs[1]: expected the name of an input or a node, or "node.port", found "a.b.c""#,
        #"g.json:8:30: error: outputs[2]: expected the name of an input or a node, or "node.port", found 3"#,
        #"g.json:8:33: error: outputs[3]: expected the name of an input or a node, or "node.port", found null"#,
        #"g.json:8:39: error: outputs[4]: expected the name of an input or a node, or "node.port", found "body/first""#,
        #"g.json:8:53: error: outputs[5]: expected the name of an input or a node, or "node.port", found "$h""#,
      ]),
    BadGraph(
      "output twice",
      lines: [8: #"  "outputs": ["h", "x", "h"]"#],
      report: [
        #"g.json:8:25: error: outputs[2]: duplicate output "h"; first at outputs[0]"#
      ]),
    BadGraph(
      "outputs by name",
      lines: [8: #"  "outputs": { "a": "h", "b": 3, "": "h" }"#],
      report: [
        #"g.json:8:31: error: outputs.b: expected the name of an input or a node, or "node.port", found 3"#,
        #"g.json:8:34: error: outputs: expected a name of at least one character, found """#,
      ]),
  ]

  @Test(arguments: graphs) func reportsWhatIsWrong(_ graph: BadGraph) { graph.check() }
}
