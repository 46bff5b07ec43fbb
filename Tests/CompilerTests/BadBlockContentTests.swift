import Testing

@Suite struct BadBlockContentTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "faults in a block that nothing uses",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "activation": "rellu" },
                { "name": "sum", "op": "ad", "inputs": ["v", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:13:93: error: blocks.residual.nodes[0] "first", activation: unknown activation "rellu"; accepted: celu, elu, gelu, gelu_tanh, hard_sigmoid, hard_swish, leaky_relu, linear, mish, relu, relu6, selu, sigmoid, silu, softplus, softsign, step, tanh; did you mean "relu"?"#,
        #"g.json:14:32: error: blocks.residual.nodes[1] "sum", op: unknown operator "ad"; `nngraph ops` lists the operators; did you mean "add"?"#,
      ]),
    BadGraph(
      "faults in a block whose only use is faulty",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x", "x"], "width": 4 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "activation": "$activation" },
                { "name": "sum", "op": "ad", "inputs": ["v", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:6:48: error: nodes[0] "h", inputs: block "residual" takes 1 input (v), found 2"#,
        #"g.json:14:32: error: blocks.residual.nodes[1] "sum", op: unknown operator "ad"; `nngraph ops` lists the operators; did you mean "add"?"#,
      ]),
    BadGraph(
      "the name of an operator",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      more:
        #"  "blocks": { "dense": { "inputs": ["v"], "nodes": [ { "name": "a", "op": "negate", "inputs": ["v"] } ], "outputs": ["a"] } }"#,
      report: [
        #"g.json:9:15: error: blocks.dense: "dense" is the name of an operator; a block needs another"#
      ]),
    BadGraph(
      "a block in itself",
      nodes: [
        #"{ "name": "h", "op": "r", "inputs": ["x"] }"#
      ],
      more:
        #"  "blocks": { "r": { "inputs": ["v"], "nodes": [ { "name": "a", "op": "r", "inputs": ["v"] } ], "outputs": ["a"] } }"#,
      report: [
        #"g.json:9:71: error: blocks.r.nodes[0] "a", op: block "r" reaches itself"#
      ]),
    BadGraph(
      "two blocks in each other",
      nodes: [
        #"{ "name": "h", "op": "r", "inputs": ["x"] }"#
      ],
      more: #"""
          "blocks": {
            "r": { "inputs": ["v"], "nodes": [ { "name": "a", "op": "t", "inputs": ["v"] } ], "outputs": ["a"] },
            "t": { "inputs": ["v"], "nodes": [ { "name": "b", "op": "r", "inputs": ["v"] }, { "name": "c", "op": "negat", "inputs": ["v"] } ], "outputs": ["b"] }
          }
        """#,
      report: [
        #"g.json:10:61: error: blocks.r.nodes[0] "a", op: blocks "r", "t" reach themselves through each other"#,
        #"g.json:11:106: error: blocks.t.nodes[1] "c", op: unknown operator "negat"; `nngraph ops` lists the operators; did you mean "negate"?"#,
      ]),
    BadGraph(
      "an unknown block",
      nodes: [
        #"{ "name": "h", "op": "residul", "inputs": ["x"], "width": 4 }"#
      ],
      more: residual,
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: unknown operator "residul"; `nngraph ops` lists the operators; did you mean "residual"?"#
      ]),
    BadGraph(
      "trainable of another type",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "trainable": "$width", "units": 4, "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:13:73: error: blocks.residual.nodes[0] "h/first", trainable: expected true or false, found 4"#
      ]),
    BadGraph(
      "a port of a block's input",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v.1", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:14:50: error: blocks.residual.nodes[1] "h/sum", inputs[0]: block input "v" has no port "1""#
      ]),
    BadGraph(
      "a port that a block's output does not have",
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
              "outputs": ["sum.1"]
            }
          }
        """#,
      report: [
        #"g.json:16:19: error: blocks.residual, outputs[0]: "h/sum" has no port "1"; its one output is "h/sum""#
      ]),
    BadGraph(
      "a nested place",
      nodes: [
        #"{ "name": "body", "op": "outer", "inputs": ["x"], "repeat": 2 }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["body"] }"#,
      ],
      more: #"""
          "blocks": {
            "outer": { "inputs": ["v"], "nodes": [ { "name": "mid", "op": "inner", "inputs": ["v"], "size": 4 } ], "outputs": ["mid"] },
            "inner": {
              "inputs": ["v"], "arguments": { "size": 1 },
              "nodes": [
                { "name": "deep", "op": "dense", "inputs": ["v"], "units": "$size", "bias": "no" }
              ],
              "outputs": ["deep"]
            }
          }
        """#,
      report: [
        #"g.json:15:85: error: blocks.inner.nodes[0] "body_0/mid/deep", bias: expected true or false, found "no""#
      ]),
    BadGraph(
      "sharing with a node outside a block",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["v"], "units": "$width", "share": "elsewhere", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:13:88: error: blocks.residual.nodes[0] "h/first", share: "h/first" can share with another node of its operator; "elsewhere" is no node here"#
      ]),
    BadGraph(
      "a use in a block with a wrong argument",
      nodes: [
        #"{ "name": "h", "op": "outer", "inputs": ["x"] }"#
      ],
      more: #"""
          "blocks": {
            "outer": { "inputs": ["v"], "nodes": [ { "name": "n", "op": "inner", "inputs": ["v"], "siz": 3 } ], "outputs": ["n"] },
            "inner": { "inputs": ["v"], "arguments": { "size": 2 }, "nodes": [ { "name": "d", "op": "dense", "inputs": ["v"], "units": "$size" } ], "outputs": ["d"] }
          }
        """#,
      report: [
        #"g.json:10:91: error: blocks.outer.nodes[0] "h/n", siz: block "inner" has no argument "siz"; accepted: size, repeat, recompute; did you mean "size"?"#
      ]),
    BadGraph(
      "an output of a block that is a graph input",
      nodes: [
        #"{ "name": "h", "op": "p", "inputs": ["x"] }"#
      ],
      more: #"  "blocks": { "p": { "inputs": ["v"], "nodes": [], "outputs": ["x"] } }"#,
      report: [
        #"g.json:9:64: error: blocks.p, outputs[0]: no input or node "x" in block "p", which sees its inputs and its own nodes alone; did you mean "v"?"#
      ]),
    BadGraph(
      "repeat by an argument",
      nodes: [
        #"{ "name": "h", "op": "outer", "inputs": ["x"], "times": -3 }"#
      ],
      more: #"""
          "blocks": {
            "outer": { "inputs": ["v"], "arguments": { "times": 1 }, "nodes": [ { "name": "n", "op": "inner", "inputs": ["v"], "repeat": "$times" } ], "outputs": ["n"] },
            "inner": { "inputs": ["v"], "nodes": [ { "name": "d", "op": "negate", "inputs": ["v"] } ], "outputs": ["d"] }
          }
        """#,
      report: [
        #"g.json:6:61: error: blocks.outer.nodes[0] "h/n", repeat: expected an integer of at least 1, found -3"#
      ]),
    BadGraph(
      "null for an input that a node of the block needs",
      nodes: [
        #"{ "name": "h", "op": "p", "inputs": [null] }"#
      ],
      more:
        #"  "blocks": { "p": { "inputs": ["v"], "nodes": [ { "name": "n", "op": "negate", "inputs": ["v"] } ], "outputs": ["n"] } }"#,
      report: [
        #"g.json:6:42: error: nodes[0] "h", inputs[0]: "h/n" is missing its input "x", found null"#
      ]),
    BadGraph(
      "a cycle in every copy",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 3 }"#
      ],
      more: #"""
          "blocks": {
            "residual": {
              "inputs": ["v"], "arguments": { "width": null, "activation": "relu" },
              "nodes": [
                { "name": "first", "op": "dense", "inputs": ["sum"], "units": "$width", "activation": "$activation" },
                { "name": "sum", "op": "add", "inputs": ["v", "first"] }
              ],
              "outputs": ["sum"]
            }
          }
        """#,
      report: [
        #"g.json:13:53: error: blocks.residual.nodes[0] "h_0/first", inputs: a cycle: each of "h_0/first", "h_0/sum" needs the value of another to be computed first"#
      ]),
    BadGraph(
      "two uses with different conflicts",
      nodes: [
        #"{ "name": "u", "op": "residual", "inputs": ["x"], "width": 2 }"#,
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 3 }"#,
      ],
      more: residual,
      report: [
        #"g.json:15:55: error: blocks.residual.nodes[1] "u/sum", inputs[1]: "add": shapes [batch, 4] and [batch, 2] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#,
        #"g.json:15:55: error: blocks.residual.nodes[1] "h/sum", inputs[1]: "add": shapes [batch, 4] and [batch, 3] do not broadcast: from the last axis on, sizes must be equal or one of them 1"#,
      ]),
    BadGraph(
      "a component by an argument",
      nodes: [
        #"{ "name": "h", "op": "residual", "inputs": ["x"], "width": 4, "activation": "rellu" }"#
      ],
      more: residual,
      report: [
        #"g.json:6:81: error: blocks.residual.nodes[0] "h/first", activation: unknown activation "rellu"; accepted: celu, elu, gelu, gelu_tanh, hard_sigmoid, hard_swish, leaky_relu, linear, mish, relu, relu6, selu, sigmoid, silu, softplus, softsign, step, tanh; the block writes "$activation"; did you mean "relu"?"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
