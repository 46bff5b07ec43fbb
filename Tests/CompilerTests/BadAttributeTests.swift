import Testing

@Suite struct BadAttributeTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "an integer written as a text",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": "3" }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found "3""#
      ]),
    BadGraph(
      "an integer with a fraction",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3.5 }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found 3.5"#
      ]),
    BadGraph(
      "an integer with an exponent",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3e0 }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found 3e0"#
      ]),
    BadGraph(
      "an integer below the range",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 0 }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found 0"#
      ]),
    BadGraph(
      "a negative integer",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": -2 }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found -2"#
      ]),
    BadGraph(
      "an integer beyond 64 bits",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 99999999999999999999 }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer from 1 to 9223372036854775807, found 99999999999999999999"#
      ]),
    BadGraph(
      "a boolean written as a number",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "bias": 1 }"#
      ],
      report: [
        #"g.json:6:72: error: nodes[0] "h", bias: expected true or false, found 1"#
      ]),
    BadGraph(
      "a misspelt key that is required",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "unit": 3 }"#
      ],
      report: [
        #"g.json:6:52: error: nodes[0] "h", unit: unknown key "unit" of "dense"; accepted: units, bias, activation, weight_init, bias_init; did you mean "units"?"#
      ]),
    BadGraph(
      "a misspelt key that is not",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activaton": "relu" }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", activaton: unknown key "activaton" of "dense"; accepted: units, bias, activation, weight_init, bias_init; did you mean "activation"?"#
      ]),
    BadGraph(
      "a key that is near nothing",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "zzz": 1 }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", zzz: unknown key "zzz" of "dense"; accepted: units, bias, activation, weight_init, bias_init"#
      ]),
    BadGraph(
      "a key of another operator",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "rate": 0.5 }"#
      ],
      report: [
        #"g.json:6:64: error: nodes[0] "h", rate: unknown key "rate" of "dense"; accepted: units, bias, activation, weight_init, bias_init"#
      ]),
    BadGraph(
      "a missing attribute",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "bias": false }"#
      ],
      report: [
        #"g.json:6:5: error: nodes[0] "h", units: missing; "dense" needs an integer of at least 1"#
      ]),
    BadGraph(
      "an unknown activation",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activation": "rellu" }"#
      ],
      report: [
        #"g.json:6:78: error: nodes[0] "h", activation: unknown activation "rellu"; accepted: celu, elu, gelu, gelu_tanh, hard_sigmoid, hard_swish, leaky_relu, linear, mish, relu, relu6, selu, sigmoid, silu, softplus, softsign, step, tanh; did you mean "relu"?"#
      ]),
    BadGraph(
      "an activation of another type",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activation": 3 }"#
      ],
      report: [
        #"g.json:6:78: error: nodes[0] "h", activation: expected the name of an activation, found 3"#
      ]),
    BadGraph(
      "alpha on a function without it",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activation": { "function": "relu", "alpha": 0.5 } }"#
      ],
      report: [
        #"g.json:6:100: error: nodes[0] "h", activation, alpha: unknown key "alpha" of "relu"; accepted: function"#
      ]),
    BadGraph(
      "alpha of a misspelt function",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activation": { "function": "eluu", "alpha": "big" } }"#
      ],
      report: [
        #"g.json:6:92: error: nodes[0] "h", activation, function: unknown activation "eluu"; accepted: celu, elu, gelu, gelu_tanh, hard_sigmoid, hard_swish, leaky_relu, linear, mish, relu, relu6, selu, sigmoid, silu, softplus, softsign, step, tanh; did you mean "elu"?"#
      ]),
    BadGraph(
      "an activation without its function",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activation": { "alpha": 0.5 } }"#
      ],
      report: [
        #"g.json:6:78: error: nodes[0] "h", activation, function: missing in { "alpha": 0.5 }; it names an activation"#
      ]),
    BadGraph(
      "a misspelt function key",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activation": { "functon": "elu" } }"#
      ],
      report: [
        #"g.json:6:80: error: nodes[0] "h", activation, functon: unknown key "functon"; "function" names an activation; did you mean "function"?"#
      ]),
    BadGraph(
      "a component's attribute of another type",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "activation": { "function": "elu", "alpha": "0.5" } }"#
      ],
      report: [
        #"g.json:6:108: error: nodes[0] "h", activation, alpha: expected a finite number, found "0.5""#
      ]),
    BadGraph(
      "an unknown initializer",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "weight_init": "glorot_unifrom" }"#
      ],
      report: [
        #"g.json:6:79: error: nodes[0] "h", weight_init: unknown initializer "glorot_unifrom"; accepted: constant, glorot_normal, glorot_uniform, he_normal, he_uniform, lecun_normal, lecun_uniform, normal, ones, orthogonal, truncated_normal, uniform, zeros; did you mean "glorot_uniform"?"#
      ]),
    BadGraph(
      "an initializer's attribute",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "weight_init": { "kind": "normal", "deviaton": 0.1 } }"#
      ],
      report: [
        #"g.json:6:99: error: nodes[0] "h", weight_init, deviaton: unknown key "deviaton" of "normal"; accepted: mean, deviation, kind; did you mean "deviation"?"#
      ]),
    BadGraph(
      "null for a value",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": null }"#
      ],
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found null"#
      ]),
    BadGraph(
      "a number beyond every double",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3, "weight_init": { "kind": "constant", "value": 1e999 } }"#
      ],
      report: [
        #"g.json:6:110: error: nodes[0] "h", weight_init, value: expected a finite number, found 1e999"#
      ]),
    BadGraph(
      "an inlined function that is misspelt",
      nodes: [
        #"{ "name": "h", "op": "activation", "inputs": ["x"], "function": "leaky_rleu", "alpha": 0.1 }"#
      ],
      report: [
        #"g.json:6:69: error: nodes[0] "h", function: unknown activation "leaky_rleu"; accepted: celu, elu, gelu, gelu_tanh, hard_sigmoid, hard_swish, leaky_relu, linear, mish, relu, relu6, selu, sigmoid, silu, softplus, softsign, step, tanh; did you mean "leaky_relu"?"#
      ]),
    BadGraph(
      "an inlined attribute of another function",
      nodes: [
        #"{ "name": "h", "op": "activation", "inputs": ["x"], "function": "relu", "alpha": 0.1 }"#
      ],
      report: [
        #"g.json:6:77: error: nodes[0] "h", alpha: unknown key "alpha" of "activation"; accepted: function"#
      ]),
    BadGraph(
      "an inlined attribute that is misspelt",
      nodes: [
        #"{ "name": "h", "op": "activation", "inputs": ["x"], "function": "elu", "alhpa": 0.1 }"#
      ],
      report: [
        #"g.json:6:76: error: nodes[0] "h", alhpa: unknown key "alhpa" of "activation"; accepted: function, alpha; did you mean "alpha"?"#
      ]),
    BadGraph(
      "two missing attributes of one kind",
      inputs: #"{ "i": { "shape": ["batch"], "type": "int32" } }"#,
      nodes: [
        #"{ "name": "h", "op": "embedding", "inputs": ["i"] }"#
      ],
      report: [
        #"g.json:6:5: error: nodes[0] "h", vocabulary: missing; "embedding" needs an integer of at least 1"#,
        #"g.json:6:5: error: nodes[0] "h", dimension: missing; "embedding" needs an integer of at least 1"#,
      ]),
    BadGraph(
      "a rate of one",
      nodes: [
        #"{ "name": "h", "op": "dropout", "inputs": ["x"], "rate": 1 }"#
      ],
      report: [
        #"g.json:6:62: error: nodes[0] "h", rate: expected a number in [0, 1), found 1"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
