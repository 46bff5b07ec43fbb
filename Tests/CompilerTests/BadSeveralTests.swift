import Testing

@Suite struct BadSeveralTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "one of each",
      text: #"""
        {
          "format": "nngraph/1",
          "name": "several faults",
          "inputs": { "x": { "shape": ["batch", 4], "typ": "float32" }, "label": { "shape": ["batch"], "type": "int32" } },
          "nodes": [
            { "name": "h", "op": "dense", "inputs": ["x"], "units": "many", "actvation": "relu" },
            { "name": "k", "op": "dens", "inputs": ["h"], "units": 0 },
            { "name": "logits", "op": "dense", "inputs": ["k"], "units": 3 },
            { "name": "probabilities", "op": "softmax", "inputs": ["logit"] },
            { "name": "a", "op": "add", "inputs": ["x", "b"] },
            { "name": "b", "op": "negate", "inputs": ["a"] },
            { "name": "loss", "op": "loss", "kind": "cross_entropy", "inputs": ["probabilities", "label"] }
          ],
          "outputs": ["probabilites", "logits"],
          "training": {
            "loss": "loss",
            "optimizer": { "kind": "adm" },
            "regularization": [{ "kind": "l2", "strength": 0.1, "parameters": ["logit.*", "h.weight"] }],
            "epochs": 0
          },
          "metdata": {}
        }
        """#,
      report: [
        #"g.json:3:11: error: name: expected a name (a letter or digit, then letters, digits, ".", "_" and "-"), found "several faults""#,
        #"g.json:4:45: error: inputs.x: unknown key "typ"; expected shape, type, description, or a key that begins with x-; did you mean "type"?"#,
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found "many""#,
        #"g.json:6:69: error: nodes[0] "h", actvation: unknown key "actvation" of "dense"; accepted: units, bias, activation, weight_init, bias_init; did you mean "activation"?"#,
        #"g.json:7:26: error: nodes[1] "k", op: unknown operator "dens"; `nngraph ops` lists the operators; did you mean "dense"?"#,
        #"g.json:9:60: error: nodes[3] "probabilities", inputs[0]: no input or node "logit" in the graph; did you mean "logits"?"#,
        #"g.json:10:43: error: nodes[4] "a", inputs: a cycle: each of "a", "b" needs the value of another to be computed first"#,
        #"g.json:14:15: error: outputs[0]: no input or node "probabilites" in the graph; did you mean "probabilities"?"#,
        #"g.json:17:28: error: training, optimizer, kind: unknown optimizer "adm"; accepted: adadelta, adagrad, adam, adamw, lion, nadam, rmsprop, sgd; did you mean "adam"?"#,
        #"g.json:18:72: error: training, regularization[0], parameters[0]: no trainable parameter matches "logit.*"; did you mean "logits.*"?"#,
        #"g.json:19:15: error: training, epochs: expected an integer of at least 1, found 0"#,
        #"g.json:21:3: error: unknown key "metdata"; expected format, name, description, inputs, nodes, outputs, blocks, parameters, training, plugins, metadata, or a key that begins with x-; did you mean "metadata"?"#,
      ])
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
