import Testing

@Suite struct BadMetricTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    .training(
      "an unknown monitor",
      #""metrics": [{ "kind": "accuracy", "prediction": "probabilities", "target": "label" }]"#,
      #""early_stopping": { "monitor": "validation_acuracy", "patience": 0 }"#,
      report: [
        #"g.json:14:36: error: training, early_stopping, monitor: expected "loss" or "validation_loss" or "validation_accuracy", found "validation_acuracy"; did you mean "validation_accuracy"?"#,
        #"g.json:14:70: error: training, early_stopping, patience: expected an integer of at least 1, found 0"#,
      ]),
    .training(
      "a monitor of a metric that is misspelt",
      #""metrics": [{ "kind": "acuracy", "prediction": "probabilities", "target": "label" }]"#,
      #""early_stopping": { "monitor": "validation_accuracy" }"#,
      report: [
        #"g.json:13:27: error: training, metrics[0], kind: unknown metric "acuracy"; accepted: accuracy, mean_absolute_error, mean_squared_error, perplexity, r2, top_k_accuracy; did you mean "accuracy"?"#
      ]),
    .training(
      "a metric of values that do not fit",
      #""metrics": [{ "kind": "accuracy", "prediction": "x", "target": "probabilities" }, { "kind": "r2", "prediction": "probabilities", "target": "label" }]"#,
      report: [
        #"g.json:13:17: error: training, metrics[0]: prediction [batch, 4] and target float32 [batch, 3] do not fit: the target needs int32 [batch], or float32 or float64 [batch, 4]"#,
        #"g.json:13:87: error: training, metrics[1]: types differ: prediction float32, target int32 (cast converts)"#,
      ]),
    .training(
      "a metric with an unknown value",
      #""metrics": [{ "kind": "accuracy", "prediction": "probabilites", "target": "labell" }]"#,
      report: [
        #"g.json:13:53: error: training, metrics[0], prediction: no value "probabilites" in this graph; did you mean "probabilities"?"#,
        #"g.json:13:79: error: training, metrics[0], target: no value "labell" in this graph; did you mean "label"?"#,
      ]),
    .training(
      "a metric with misspelt keys",
      #""metrics": [{ "kind": "accuracy", "predicton": "probabilities" }]"#,
      report: [
        #"g.json:13:17: error: training, metrics[0], target: missing; it names a value of the graph"#,
        #"g.json:13:39: error: training, metrics[0], predicton: unknown key "predicton" of "accuracy"; accepted: kind, prediction, target; did you mean "prediction"?"#,
      ]),
    .training(
      "an unknown schedule",
      #""schedule": { "kind": "cosin" }"#,
      report: [
        #"g.json:13:27: error: training, schedule, kind: unknown schedule "cosin"; accepted: constant, cosine, exponential, linear, step; did you mean "cosine"?"#
      ]),
    .training(
      "a schedule's factor",
      #""schedule": { "kind": "step", "every": 0, "factor": "a tenth" }"#,
      report: [
        #"g.json:13:44: error: training, schedule, every: expected an integer of at least 1, found 0"#,
        #"g.json:13:57: error: training, schedule, factor: expected a number above 0, found "a tenth""#,
      ]),
    .training(
      "a group without patterns",
      #""groups": [{ "rate": 0.1 }]"#,
      report: [
        #"g.json:13:16: error: training, groups[0], parameters: missing; it is an array of patterns over parameters' names"#
      ]),
    .training(
      "a group with a negative rate",
      #""groups": [{ "parameters": ["h.*"], "rate": -0.1 }]"#,
      report: [
        #"g.json:13:49: error: training, groups[0], rate: expected a number of at least 0, found -0.1"#
      ]),
    .training(
      "a misspelt key",
      #""batchsize": 3"#,
      report: [
        #"g.json:13:5: error: training, batchsize: unknown key "batchsize" of "training"; accepted: epochs, shuffle, seed, loss, optimizer, schedule, regularization, groups, batch_size, gradient_clip, early_stopping, metrics, data, phases; did you mean "batch_size"?"#
      ]),
    .training(
      "a key that is near none",
      #""quux": 3"#,
      report: [
        #"g.json:13:5: error: training, quux: unknown key "quux" of "training"; accepted: epochs, shuffle, seed, loss, optimizer, schedule, regularization, groups, batch_size, gradient_clip, early_stopping, metrics, data, phases"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
