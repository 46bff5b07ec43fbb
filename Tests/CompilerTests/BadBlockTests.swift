import Testing

@Suite struct BadBlockTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "an unknown argument",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "widht": 3 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:67: error: nodes[0] "h", widht: block "residual" has no argument "widht"; accepted: width, activation, repeat, recompute; did you mean "width"?"#
      ]),
    BadGraph(
      "a misspelt argument that is required",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "wdth": 4 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:55: error: nodes[0] "h", wdth: block "residual" has no argument "wdth"; accepted: width, activation, repeat, recompute; did you mean "width"?"#
      ]),
    BadGraph(
      "recompute of another type",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "recompute": 1 }"#,
        #"{ "name": "i", "op": "residual", "inputs": ["h"], "width": 4, "recompute": "true" }"#,
        #"{ "name": "j", "op": "residual", "inputs": ["i"], "width": 4, "recompte": true }"#,
      ],
      more: residual,
      report: [
        #"g.json:6:80: error: nodes[0] "h", recompute: expected true or false, found 1"#,
        #"g.json:7:80: error: nodes[1] "i", recompute: expected true or false, found "true""#,
        #"g.json:8:67: error: nodes[2] "j", recompte: block "residual" has no argument "recompte"; accepted: width, activation, repeat, recompute; did you mean "recompute"?"#,
      ]),
    BadGraph(
      "recompute where no block is used",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4, "recompute": true }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", recompute: unknown key "recompute" of "dense"; accepted: units, bias, activation, weight_init, bias_init"#
      ]),
    BadGraph(
      "a missing argument",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"] }"#
      ],
      more: residual,
      report: [
        #"g.json:6:5: error: nodes[0] "h", width: missing; block "residual" needs its argument "width""#
      ]),
    BadGraph(
      "an argument of another type",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": "wide" }"#
      ],
      more: residual,
      report: [
        #"g.json:6:64: error: blocks.residual.nodes[0] "h/first", units: expected an integer of at least 1, found "wide"; the block writes "$width""#
      ]),
    BadGraph(
      "an argument below the range, in every copy",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 0, "repeat": 5 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:64: error: blocks.residual.nodes[0] "h_0/first", units: expected an integer of at least 1, found 0; the block writes "$width""#
      ]),
    BadGraph(
      "a conflict in one copy",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 3, "repeat": 3 }"#
      ],
      more: residual,
      report: [
        #"g.json:14:55: error: blocks.residual.nodes[1] "h_0/sum", inputs[1]: "add": shapes [batch, 4] and [batch, 3] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#
      ]),
    BadGraph(
      "repeat of zero",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 0 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:77: error: nodes[0] "h", repeat: expected an integer of at least 1, found 0"#
      ]),
    BadGraph(
      "repeat with a fraction",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2.5 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:77: error: nodes[0] "h", repeat: expected an integer of at least 1, found 2.5"#
      ]),
    BadGraph(
      "a misspelt repeat",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repaet": 2 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:67: error: nodes[0] "h", repaet: block "residual" has no argument "repaet"; accepted: width, activation, repeat, recompute; did you mean "repeat"?"#
      ]),
    BadGraph(
      "a wrong number of inputs",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x", "x"], "width": 4 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:48: error: nodes[0] "h", inputs: block "residual" takes 1 input (v), found 2"#
      ]),
    BadGraph(
      "an unknown input by name",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": { "w": "x" }, "width": 4 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:50: error: nodes[0] "h", inputs: block "residual" has no input "w"; accepted: v; did you mean "v"?"#
      ]),
    BadGraph(
      "a missing input by name",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": { }, "width": 4 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:48: error: nodes[0] "h", inputs: block "residual" is missing its input "v""#
      ]),
    BadGraph(
      "an unknown reference at a use",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["xx"], "width": 4 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:49: error: nodes[0] "h", inputs[0]: no input or node "xx" in the graph; did you mean "x"?"#
      ]),
    BadGraph(
      "an unknown reference at a use by name",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": { "v": "yy" }, "width": 4, "repeat": 3 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:55: error: nodes[0] "h", inputs.v: no input or node "yy" in the graph"#
      ]),
    BadGraph(
      "a version of a block",
      nodes: [
        #"{ "name": "h", "op": "residual@2", "inputs": ["x"], "width": 4 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: block "residual" has version 1 alone, found "residual@2""#
      ]),
    BadGraph(
      "an output of a use that is not there",
      nodes: [
        #"{ "name": "u", "op": "residual", "inputs": ["x"], "width": 4 }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["u.1"] }"#,
      ],
      more: residual,
      report: [
        #"g.json:7:47: error: nodes[1] "h", inputs[0]: "u.1" is no output of "u"; accepted: u.0"#
      ]),
    BadGraph(
      "an unknown argument in a block",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$widht", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:13:69: error: blocks.residual.nodes[0] "h_0/first", units: the block has no argument "$widht"; accepted: $activation, $width; did you mean "$width"?"#
      ]),
    BadGraph(
      "an unknown reference in a block",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 4 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v", "frist"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:14:55: error: blocks.residual.nodes[1] "h_0/sum", inputs[1]: no input or node "frist" in block "residual"; did you mean "first"?"#
      ]),
    BadGraph(
      "a reference out of a block",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["x", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:14:50: error: blocks.residual.nodes[1] "h/sum", inputs[0]: no input or node "x" in block "residual", which sees its inputs and its own nodes alone; did you mean "v"?"#
      ]),
    BadGraph(
      "an unknown output of a block",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v", "first"] }
              ],
              "outputs": ["summ"]
            }
          }
        """#,
      report: [
        #"g.json:16:19: error: blocks.residual, outputs[0]: no input or node "summ" in block "residual"; did you mean "sum"?"#
      ]),
    BadGraph(
      "an unknown operator in a block",
      nodes: [
        #"{ "name": "body", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 4 }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["body"] }"#,
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dens", "inputs": ["v"], "units": "$width", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:14:34: error: blocks.residual.nodes[0] "body_0/first", op: unknown operator "dens"; `nngraph ops` lists the operators; did you mean "dense"?"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
