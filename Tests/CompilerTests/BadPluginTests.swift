import Testing

@Suite struct BadPluginTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    BadGraph(
      "a plugin that is not there",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      more: #"  "plugins": ["state_spce"]"#,
      report: [
        #"[plugin] g.json:9:15: error: plugins[0]: plugin "state_spce" is not there; available: state_space; did you mean "state_space"?"#
      ]),
    BadGraph(
      "operators of a plugin that is not there",
      nodes: [
        #"{ "name": "c", "op": "conv9d", "inputs": ["x"], "filters": 3 }"#,
        #"{ "name": "d", "op": "desne", "inputs": ["x"], "units": 3 }"#,
        #"{ "name": "h", "op": "negate", "inputs": ["c"] }"#,
      ],
      more: #"  "plugins": ["convolution9"]"#,
      report: [
        #"g.json:7:26: error: nodes[1] "d", op: unknown operator "desne"; `nngraph ops` lists the operators; did you mean "dense"?"#,
        #"[plugin] g.json:11:15: error: plugins[0]: plugin "convolution9" is not there; it seems to be needed by "c" (conv9d); available: state_space"#,
      ]),
    BadGraph(
      "a version that is too old",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      more: #"  "plugins": [{ "name": "state_space", "version": ">=9.1" }]"#,
      report: [
        #"[plugin] g.json:9:15: error: plugins[0]: the graph needs version >=9.1 of plugin "state_space", found 1.0.0"#
      ]),
    BadGraph(
      "an operator of a plugin that the graph does not list",
      inputs: #"{ "s": { "shape": ["batch", "time", 4] }, "c": { "shape": ["batch", "time", 2] } }"#,
      nodes: [
        #"{ "name": "h", "op": "selective_scan", "inputs": ["s", "s", "c", "c"], "states": 2 }"#
      ],
      report: [
        #"g.json:6:26: error: nodes[0] "h", op: operator "selective_scan" belongs to plugin "state_space", which the graph does not list; add "state_space" to "plugins""#
      ]),
    BadGraph(
      "a loss of a plugin that is not there, with attributes of its own",
      nodes: [
        #"{ "name": "h", "op": "loss", "inputs": ["x", "x"], "kind": "robust", "scale": 2, "reductoin": "sum" }"#
      ],
      more: #"  "plugins": ["acme"]"#,
      report: [
        #"g.json:6:86: error: nodes[0] "h", reductoin: unknown key "reductoin" of "loss"; accepted: kind, reduction; did you mean "reduction"?"#,
        #"[plugin] g.json:9:15: error: plugins[0]: plugin "acme" is not there; available: state_space"#,
      ]),
    BadGraph(
      "an optimizer of a plugin that is not there",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#,
        #"{ "name": "l", "op": "reduce_mean", "inputs": ["h"], "axes": [0, 1] }"#,
      ],
      more: #"""
          "plugins": ["acme"],
          "training": { "loss": "l", "optimizer": { "kind": "shampoo" } }
        """#,
      report: [
        #"[plugin] g.json:10:15: error: plugins[0]: plugin "acme" is not there; available: state_space"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
