import Testing

@Suite struct BadHeaderTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "no object",
      text: #"[1, 2]"#,
      report: [
        #"g.json:1:1: error: expected an object with the keys format, name, description, inputs, nodes, outputs, blocks, parameters, training, plugins, metadata, found [1, 2]"#
      ]),
    BadGraph(
      "not JSON",
      lines: [7: #"  ],,"#],
      report: [
        #"g.json:7:5: error: expected a key in double quotes, found ",""#
      ]),
    BadGraph(
      "nested too deep",
      lines: [
        8:
          #"  "outputs": ["h"], "metadata": {"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}"#
      ],
      report: [
        #"[limit] g.json:8:348: error: arrays and objects are nested deeper here than the limit of 64"#
      ]),
    BadGraph(
      "unknown key",
      lines: [5: #"  "node": ["#],
      report: [
        #"g.json:5:3: error: unknown key "node"; expected format, name, description, inputs, nodes, outputs, blocks, parameters, training, plugins, metadata, or a key that begins with x-; did you mean "nodes"?"#
      ]),
    BadGraph(
      "unknown key that is near none",
      lines: [8: #"  "outputs": ["h"], "zzzzzz": 1"#],
      report: [
        #"g.json:8:21: error: unknown key "zzzzzz"; expected format, name, description, inputs, nodes, outputs, blocks, parameters, training, plugins, metadata, or a key that begins with x-"#
      ]),
    BadGraph(
      "everything is missing",
      text: #"{}"#,
      report: [
        #"g.json:1:1: error: format: missing; expected "nngraph/1""#,
        #"g.json:1:1: error: name: missing; expected the name of the graph"#,
        #"g.json:1:1: error: inputs: missing; expected an object of names to shapes and types"#,
        #"g.json:1:1: error: nodes: missing; expected an array of nodes"#,
        #"g.json:1:1: error: outputs: missing; expected an array of value references, or an object of names to value references"#,
      ]),
    BadGraph(
      "duplicate keys at any depth",
      lines: [3: #"  "name": "g", "name": "h","#, 8: #"  "outputs": ["h"], "metadata": { "a": 1, "a": 2 }"#],
      report: [
        #"g.json:3:16: error: duplicate key "name"; first at 3:3"#,
        #"g.json:8:43: error: metadata: duplicate key "a"; first at 8:35"#,
      ]),
    BadGraph(
      "duplicate keys of a node and of a block",
      lines: [
        6: #"    { "name": "h", "op": "dense", "é": 1, "units": 3, "units": { "a": 1, "a": 2 } }"#,
        8:
          #"  "outputs": ["h"], "blocks": { "b": { "inputs": [], "nodes": [{ "name": "y", "op": "a", "op": "b" }], "outputs": [] } }"#,
      ],
      report: [
        #"g.json:6:55: error: nodes[0] "h": duplicate key "units"; first at 6:43"#,
        #"g.json:6:74: error: nodes[0] "h": duplicate key "a"; first at 6:66"#,
        #"g.json:8:90: error: blocks.b.nodes[0] "y": duplicate key "op"; first at 8:79"#,
      ]),
    BadGraph(
      "later format",
      lines: [2: #"  "format": "nngraph/2","#, 3: #"  "name": 7,"#],
      report: [
        #"g.json:2:13: error: format: found "nngraph/2", a later version of the format; this program reads nngraph/1"#
      ]),
    BadGraph(
      "other format",
      lines: [2: #"  "format": "onnx/1","#],
      report: [
        #"g.json:2:13: error: format: expected "nngraph/1", found "onnx/1""#
      ]),
    BadGraph(
      "format of another type",
      lines: [2: #"  "format": 1,"#],
      report: [
        #"g.json:2:13: error: format: expected "nngraph/1", found 1"#
      ]),
    BadGraph(
      "name with a space",
      lines: [3: #"  "name": "my graph","#],
      report: [
        #"g.json:3:11: error: name: expected a name (a letter or digit, then letters, digits, ".", "_" and "-"), found "my graph""#
      ]),
    BadGraph(
      "name that begins with a point",
      lines: [3: #"  "name": ".g","#],
      report: [
        #"g.json:3:11: error: name: expected a name (a letter or digit, then letters, digits, ".", "_" and "-"), found ".g""#
      ]),
    BadGraph(
      "name of another type",
      lines: [3: #"  "name": null,"#],
      report: [
        #"g.json:3:11: error: name: expected a name (a letter or digit, then letters, digits, ".", "_" and "-"), found null"#
      ]),
    BadGraph(
      "description of another type",
      lines: [3: #"  "name": "g", "description": ["text"],"#],
      report: [
        #"g.json:3:31: error: description: expected a text in quotes, found ["text"]"#
      ]),
    BadGraph(
      "training of another type",
      lines: [8: #"  "outputs": ["h"], "training": "loss""#],
      report: [
        #"g.json:8:33: error: training: expected an object, found "loss""#
      ]),
    BadGraph(
      "plugins of another type",
      lines: [8: #"  "outputs": ["h"], "plugins": "recurrent""#],
      report: [
        #"g.json:8:32: error: plugins: expected an array of plugin names, found "recurrent""#
      ]),
    BadGraph(
      "plugin name",
      lines: [8: #"  "outputs": ["h"], "plugins": ["Recurrent", "/lib/x.so", 3]"#],
      report: [
        #"g.json:8:33: error: plugins[0]: expected the name of a plugin (a small letter, then small letters, digits and "_"), found "Recurrent""#,
        #"g.json:8:46: error: plugins[1]: expected the name of a plugin (a small letter, then small letters, digits and "_"), found "/lib/x.so""#,
        #"g.json:8:59: error: plugins[2]: expected the name of a plugin (a small letter, then small letters, digits and "_"), found 3"#,
      ]),
    BadGraph(
      "plugin without a name",
      lines: [8: #"  "outputs": ["h"], "plugins": [{ "nam": "acme" }, { "version": ">=1" }]"#],
      report: [
        #"g.json:8:35: error: plugins[0]: unknown key "nam"; expected name, version, or a key that begins with x-; did you mean "name"?"#,
        #"g.json:8:52: error: plugins[1], name: missing; expected the name of a plugin"#,
      ]),
    BadGraph(
      "plugin version",
      lines: [
        8:
          #"  "outputs": ["h"], "plugins": [{ "name": "acme", "version": "~1.2" }, { "name": "other", "version": 1 }]"#
      ],
      report: [
        #"g.json:8:62: error: plugins[0], version: expected a version such as ">=1.2", "=1.2.3" or "<2", found "~1.2""#,
        #"g.json:8:102: error: plugins[1], version: expected a version such as ">=1.2", "=1.2.3" or "<2", found 1"#,
      ]),
    BadGraph(
      "plugin twice",
      lines: [
        8: #"  "outputs": ["h"], "plugins": ["recurrent", { "name": "recurrent", "version": ">=1" }]"#
      ],
      report: [
        #"g.json:8:46: error: plugins[1]: duplicate plugin "recurrent"; first at plugins[0]"#
      ]),
    BadGraph(
      "parameters of another type",
      lines: [8: #"  "outputs": ["h"], "parameters": "g.safetensors""#],
      report: [
        #"g.json:8:35: error: parameters: expected an object with the keys file, sha256, values, found "g.safetensors""#
      ]),
    BadGraph(
      "parameters with a file and values",
      lines: [8: #"  "outputs": ["h"], "parameters": { "file": "g.safetensors", "values": {} }"#],
      report: [
        #"g.json:8:72: error: parameters: found both file and values; expected one of them"#
      ]),
    BadGraph(
      "parameters with neither",
      lines: [8: #"  "outputs": ["h"], "parameters": {}"#],
      report: [
        #"g.json:8:35: error: parameters: found neither file nor values; expected one of them"#
      ]),
    BadGraph(
      "parameters with a misspelt key",
      lines: [8: #"  "outputs": ["h"], "parameters": { "flie": "g.safetensors" }"#],
      report: [
        #"g.json:8:37: error: parameters: unknown key "flie"; expected file, sha256, values, or a key that begins with x-; did you mean "file"?"#
      ]),
    BadGraph(
      "parameter file with a path",
      lines: [8: #"  "outputs": ["h"], "parameters": { "file": "../g.safetensors" }"#],
      report: [
        #"g.json:8:45: error: parameters, file: expected the bare name of a file in the graph's own folder, found "../g.safetensors""#
      ]),
    BadGraph(
      "parameter file that is a folder",
      lines: [8: #"  "outputs": ["h"], "parameters": { "file": ".." }"#],
      report: [
        #"g.json:8:45: error: parameters, file: expected the bare name of a file in the graph's own folder, found "..""#
      ]),
    BadGraph(
      "parameter file without a name",
      lines: [8: #"  "outputs": ["h"], "parameters": { "file": "", "sha256": "12" }"#],
      report: [
        #"g.json:8:45: error: parameters, file: expected the bare name of a file in the graph's own folder, found """#,
        #"g.json:8:59: error: parameters, sha256: expected 64 hexadecimal digits, found "12""#,
      ]),
    BadGraph(
      "hash that is too short",
      lines: [8: #"  "outputs": ["h"], "parameters": { "file": "g.safetensors", "sha256": "abc" }"#],
      report: [
        #"g.json:8:72: error: parameters, sha256: expected 64 hexadecimal digits, found "abc""#
      ]),
    BadGraph(
      "hash beside values",
      lines: [8: #"  "outputs": ["h"], "parameters": { "values": {}, "sha256": "abc" }"#],
      report: [
        #"g.json:8:61: error: parameters, sha256: belongs to a file; the values stand in the graph here"#
      ]),
    BadGraph(
      "values of another type",
      lines: [8: #"  "outputs": ["h"], "parameters": { "values": [1] }"#],
      report: [
        #"g.json:8:47: error: parameters, values: expected an object of parameter names to numbers or nested arrays, found [1]"#
      ]),
  ]

  @Test(arguments: graphs) func reportsWhatIsWrong(_ graph: BadGraph) { graph.check() }
}
