import Testing

@Suite struct BadTrainingTests {
  /// A rule, the graph that breaks it, and the whole report.
  static let graphs: [BadGraph] = [
    .training(
      "no loss", loss: nil,
      #""epochs": 3"#,
      report: [
        #"g.json:11:15: error: training, loss: missing; it names the value of shape [] that training makes small"#
      ]),
    .training(
      "a misspelt key for the loss", loss: nil,
      #""los": "loss""#,
      report: [
        #"g.json:12:5: error: training, los: unknown key "los" of "training"; accepted: epochs, shuffle, seed, loss, optimizer, schedule, regularization, groups, batch_size, gradient_clip, early_stopping, metrics, data, phases; did you mean "loss"?"#
      ]),
    .training(
      "an unknown value", loss: nil,
      #""loss": "lss""#,
      report: [
        #"g.json:12:13: error: training, loss: no value "lss" in this graph; did you mean "loss"?"#
      ]),
    .training(
      "a loss that is no number", loss: nil,
      #""loss": "probabilities""#,
      report: [
        #"g.json:12:13: error: training, loss: a loss is one float of shape [], but "probabilities" is float32 [batch, 3]"#
      ]),
    .training(
      "a loss that is no text", loss: nil,
      #""loss": 3"#,
      report: [
        #"g.json:12:13: error: training, loss: expected the name of a value, found 3"#
      ]),
    .training(
      "losses without one", loss: nil,
      #""loss": []"#,
      report: [
        #"g.json:12:13: error: training, loss: expected at least one loss, found []"#
      ]),
    .training(
      "a weight of another type", loss: nil,
      #""loss": [{ "value": "loss", "weight": "1" }, { "vlue": "loss" }]"#,
      report: [
        #"g.json:12:43: error: training, loss[0], weight: expected a finite number, found "1""#,
        #"g.json:12:52: error: training, loss[1], vlue: unknown key "vlue" of "loss"; accepted: weight, value; did you mean "value"?"#,
      ]),
    .training(
      "an unknown optimizer",
      #""optimizer": { "kind": "adma", "learning_rate": 0.1 }"#,
      report: [
        #"g.json:13:28: error: training, optimizer, kind: unknown optimizer "adma"; accepted: adadelta, adagrad, adam, adamw, lion, nadam, rmsprop, sgd; did you mean "adam"?"#
      ]),
    .training(
      "an optimizer by a name that is unknown",
      #""optimizer": "sgdd""#,
      report: [
        #"g.json:13:18: error: training, optimizer: unknown optimizer "sgdd"; accepted: adadelta, adagrad, adam, adamw, lion, nadam, rmsprop, sgd; did you mean "sgd"?"#
      ]),
    .training(
      "a learning rate of zero",
      #""optimizer": { "kind": "adam", "learning_rate": 0 }"#,
      report: [
        #"g.json:13:53: error: training, optimizer, learning_rate: expected a number above 0, found 0"#
      ]),
    .training(
      "a momentum of one",
      #""optimizer": { "kind": "sgd", "momentum": 1 }"#,
      report: [
        #"g.json:13:47: error: training, optimizer, momentum: expected a number in [0, 1), found 1"#
      ]),
    .training(
      "betas out of range",
      #""optimizer": { "kind": "adam", "beta1": -0.1, "beta2": 1.0 }"#,
      report: [
        #"g.json:13:45: error: training, optimizer, beta1: expected a number in [0, 1), found -0.1"#,
        #"g.json:13:60: error: training, optimizer, beta2: expected a number in [0, 1), found 1.0"#,
      ]),
    .training(
      "a key of another optimizer",
      #""optimizer": { "kind": "sgd", "beta1": 0.9 }"#,
      report: [
        #"g.json:13:35: error: training, optimizer, beta1: unknown key "beta1" of "sgd"; accepted: learning_rate, momentum, nesterov, kind"#
      ]),
    .training(
      "an optimizer without its kind",
      #""optimizer": { "learning_rate": 0.1 }"#,
      report: [
        #"g.json:13:18: error: training, optimizer, kind: missing in { "learning_rate": 0.1 }; it names an optimizer"#
      ]),
    .training(
      "a misspelt kind",
      #""optimizer": { "knd": "adam" }"#,
      report: [
        #"g.json:13:20: error: training, optimizer, knd: unknown key "knd"; "kind" names an optimizer; did you mean "kind"?"#
      ]),
    .training(
      "a negative strength",
      #""regularization": [{ "kind": "l2", "strength": -1 }]"#,
      report: [
        #"g.json:13:52: error: training, regularization[0], strength: expected a number of at least 0, found -1"#
      ]),
    .training(
      "an unknown regularization",
      #""regularization": [{ "kind": "l3", "strength": 1, "parameters": ["hh.*"] }]"#,
      report: [
        #"g.json:13:34: error: training, regularization[0], kind: expected "l1" or "l2", found "l3"; did you mean "l1"?"#,
        #"g.json:13:70: error: training, regularization[0], parameters[0]: no trainable parameter matches "hh.*"; did you mean "h.*"?"#,
      ]),
    .training(
      "a pattern that matches nothing",
      #""regularization": [{ "kind": "l2", "strength": 1, "parameters": ["h.weight", "k.*", "h.wieght"] }]"#,
      report: [
        #"g.json:13:82: error: training, regularization[0], parameters[1]: no trainable parameter matches "k.*"; did you mean "h.*"?"#,
        #"g.json:13:89: error: training, regularization[0], parameters[2]: no trainable parameter matches "h.wieght"; did you mean "h.weight"?"#,
      ]),
    .training(
      "regularization that is no array",
      #""regularization": { "kind": "l2", "strength": 1 }"#,
      report: [
        #"g.json:13:23: error: training, regularization: expected an array of objects, found { "kind": "l2", "strength": 1 }"#
      ]),
    .training(
      "no parameter that the default matches", first: #"{ "name": "h", "op": "identity", "inputs": ["x"] }"#,
      #""regularization": [{ "kind": "l1", "strength": 1 }]"#,
      report: [
        #"g.json:13:24: error: training, regularization[0], parameters[0]: no trainable parameter matches "*.weight""#
      ]),
    .training(
      "no epochs",
      #""epochs": 0"#,
      report: [
        #"g.json:13:15: error: training, epochs: expected an integer of at least 1, found 0"#
      ]),
    .training(
      "epochs with a fraction",
      #""epochs": 1.5"#,
      report: [
        #"g.json:13:15: error: training, epochs: expected an integer of at least 1, found 1.5"#
      ]),
    .training(
      "no rows in a batch",
      #""batch_size": 0"#,
      report: [
        #"g.json:13:19: error: training, batch_size: expected an integer of at least 1 or "all", found 0"#
      ]),
    .training(
      "a batch size that is another word",
      #""batch_size": "every""#,
      report: [
        #"g.json:13:19: error: training, batch_size: expected an integer of at least 1 or "all", found "every""#
      ]),
    .training(
      "a negative seed",
      #""seed": -1"#,
      report: [
        #"g.json:13:13: error: training, seed: expected an integer of at least 0, found -1"#
      ]),
    .training(
      "a seed beyond 2^63 - 1",
      #""seed": 9223372036854775808"#,
      report: [
        #"g.json:13:13: error: training, seed: expected an integer from 0 to 9223372036854775807, found 9223372036854775808"#
      ]),
    .training(
      "shuffle that is no boolean",
      #""shuffle": "yes""#,
      report: [
        #"g.json:13:16: error: training, shuffle: expected true or false, found "yes""#
      ]),
    .training(
      "both bounds of gradients",
      #""gradient_clip": { "norm": 1, "value": 0.5 }"#,
      report: [
        #"g.json:13:22: error: training, gradient_clip: expected either "norm" or "value", found { "norm": 1, "value": 0.5 }"#
      ]),
    .training(
      "no bound of gradients",
      #""gradient_clip": {}"#,
      report: [
        #"g.json:13:22: error: training, gradient_clip: expected either "norm" or "value", found {}"#
      ]),
    .training(
      "a bound of zero",
      #""gradient_clip": { "norm": 0 }"#,
      report: [
        #"g.json:13:32: error: training, gradient_clip, norm: expected a number above 0, found 0"#
      ]),
  ]

  @Test(arguments: graphs) func report(_ graph: BadGraph) throws { try graph.check() }
}
