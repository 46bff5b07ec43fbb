import Testing

@Suite struct BadDataTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    .training(
      "data for an unknown input",
      #""data": { "file": "d.csv", "inputs": { "xx": { "columns": "p*" } } }"#,
      report: [
        #"g.json:13:44: error: training, data, inputs, xx: no input "xx" in this graph; did you mean "x"?"#
      ]),
    .training(
      "data without columns",
      #""data": { "file": "d.csv", "inputs": { "x": { "scale": 2 } } }"#,
      report: [
        #"g.json:13:49: error: training, data, inputs, x: expected one of "column", "columns", "tensor" and "file", found { "scale": 2 }"#
      ]),
    .training(
      "data with column and columns",
      #""data": { "file": "d.csv", "inputs": { "x": { "columns": "p*", "column": "p" } } }"#,
      report: [
        #"g.json:13:49: error: training, data, inputs, x: expected one of "column", "columns", "tensor" and "file", found { "columns": "p*", "column": "p" }"#
      ]),
    .training(
      "shares that leave nothing",
      #""data": { "file": "d.csv", "inputs": { "x": { "columns": "p*" }, "label": { "column": "c" } }, "validation": 0.5, "test": 0.5 }"#,
      report: [
        #"g.json:13:13: error: training, data: validation 0.5 and test 0.5 together must stay below 1"#
      ]),
    .training(
      "a share of one",
      #""data": { "file": "d.csv", "inputs": { "x": { "columns": "p*" }, "label": { "column": "c" } }, "validation": 1 }"#,
      report: [
        #"g.json:13:114: error: training, data, validation: expected a number in [0, 1), found 1"#
      ]),
    .training(
      "an unknown split",
      #""data": { "file": "d.csv", "inputs": { "x": { "columns": "p*" }, "label": { "column": "c" } }, "split": "tial" }"#,
      report: [
        #"g.json:13:109: error: training, data, split: expected "random" or "tail", found "tial"; did you mean "tail"?"#
      ]),
    .training(
      "a file outside the folder",
      #""data": { "file": "../secret.csv", "inputs": { "x": { "columns": "p*" } } }"#,
      report: [
        #"g.json:13:23: error: training, data, file: expected the path of a file beside the graph or below it, found "../secret.csv""#
      ]),
    .training(
      "a scale of another type",
      #""data": { "file": "d.csv", "inputs": { "x": { "columns": "p*", "scale": [1, "2"] } } }"#,
      report: [
        #"g.json:13:77: error: training, data, inputs, x, scale: expected a number or one a column, found [1, "2"]"#
      ]),
    .training(
      "data without inputs",
      #""data": { "file": "d.csv" }"#,
      report: [
        #"g.json:13:13: error: training, data, inputs: missing; it says which columns fill which input"#
      ]),
    .training(
      "an unknown key of an input's data",
      #""data": { "file": "d.csv", "inputs": { "x": { "colums": "p*" } } }"#,
      report: [
        #"g.json:13:51: error: training, data, inputs, x, colums: unknown key "colums" of "data input"; accepted: column, file, tensor, standardize, columns, scale, offset, classes; did you mean "column"?"#
      ]),
    .training(
      "names that belong to faulty nodes",
      first: #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 0 }"#,
      #""regularization": [{ "kind": "l2", "strength": 1, "parameters": ["h.weight"] }]"#,
      #""metrics": [{ "kind": "accuracy", "prediction": "probabilities", "target": "label" }]"#,
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found 0"#
      ]),
    .training(
      "names that are wrong beside faulty nodes", loss: nil,
      first: #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 0 }"#,
      #""loss": "losss""#,
      #""regularization": [{ "kind": "l2", "strength": 1, "parameters": ["hh.weight"] }]"#,
      #""epochs": 0"#,
      report: [
        #"g.json:6:61: error: nodes[0] "h", units: expected an integer of at least 1, found 0"#,
        #"g.json:12:13: error: training, loss: no value "losss" in this graph; did you mean "loss"?"#,
        #"g.json:13:70: error: training, regularization[0], parameters[0]: no trainable parameter matches "hh.weight"; did you mean "h.weight"?"#,
        #"g.json:14:15: error: training, epochs: expected an integer of at least 1, found 0"#,
      ]),
    BadGraph(
      "training of another type",
      nodes: [
        #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#
      ],
      more: #"  "training": []"#,
      report: [
        #"g.json:9:15: error: training: expected an object, found []"#
      ]),
    .training(
      "a metric without its kind",
      #""metrics": [{ "knd": "accuracy", "prediction": "probabilities", "target": "label" }]"#,
      report: [
        #"g.json:13:19: error: training, metrics[0], knd: unknown key "knd"; expected "kind": it names a metric; did you mean "kind"?"#
      ]),
    .training(
      "a value of a port that is not there",
      #""metrics": [{ "kind": "accuracy", "prediction": "probabilities.1", "target": "label" }]"#,
      report: [
        #"g.json:13:53: error: training, metrics[0], prediction: no value "probabilities.1" in this graph; did you mean "probabilities"?"#
      ]),
    .training(
      "metrics of nothing",
      #""metrics": [3, {}]"#,
      report: [
        #"g.json:13:17: error: training, metrics[0]: expected an object, found 3"#,
        #"g.json:13:20: error: training, metrics[1], kind: missing; it names a metric"#,
        #"g.json:13:20: error: training, metrics[1], prediction: missing; it names a value of the graph"#,
        #"g.json:13:20: error: training, metrics[1], target: missing; it names a value of the graph"#,
      ]),
    .training(
      "a loss by its class", loss: nil,
      #""loss": "label""#,
      report: [
        #"g.json:12:13: error: training, loss: a loss is one float of shape [], but "label" is int32 [batch]"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
