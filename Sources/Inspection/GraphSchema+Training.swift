import JSONText
import LayerKit

extension GraphSchema {
  /// The object `training`.
  var training: JSONValue {
    let reference = { (name: String) in JSONValue.object([("$ref", .string("#/$defs/\(name)"))]) }
    let atLeast = { (least: Int, what: String, standard: JSONValue?) in
      self.described(what, ["integer"], [("minimum", .integer(least))], standard: standard)
    }
    let batch = JSONValue.object([
      ("description", .string("Rows of a step.")), ("default", .integer(32)),
      (
        "anyOf",
        .array([
          .object([("type", .string("integer")), ("minimum", .integer(1))]),
          .object([("const", .string("all"))]),
        ])
      ),
    ])
    return closed(
      "How the network is trained.",
      [
        ("loss", loss), ("optimizer", reference("optimizer")), ("schedule", reference("schedule")),
        ("regularization", array(of: regularization, "Terms that keep parameters small.")),
        ("groups", array(of: group, "Factors on the rate and decay of some parameters.")),
        ("epochs", atLeast(1, "How often all rows are seen.", .integer(10))), ("batch_size", batch),
        ("seed", atLeast(0, "What every random number is drawn from.", .integer(0))),
        (
          "shuffle", described("Whether each epoch has its own order.", ["boolean"], standard: .boolean(true))
        ),
        ("gradient_clip", gradientClip), ("early_stopping", earlyStopping),
        ("metrics", array(of: reference("metric"), "What tells how good the answers are.")),
        ("data", data), ("phases", array(of: .object([("type", .string("object"))]), "Steps taken in turn.")),
      ], required: ["loss"])
  }

  private var loss: JSONValue {
    let value = JSONValue.object([("$ref", .string("#/$defs/value"))])
    let term = closed(
      "A term of the loss.", [("value", value), ("weight", described("Its factor.", ["number"]))],
      required: ["value"])
    return .object([
      ("description", .string("The value of shape [] that training makes small, or a weighted sum of some.")),
      ("anyOf", .array([value, array(of: term, "Terms.")])),
    ])
  }

  private var patterns: JSONValue {
    array(of: text("* is any run of characters, ? one."), "Patterns over whole parameter names.")
  }

  private var regularization: JSONValue {
    closed(
      "A term of the training loss.",
      [
        ("kind", words(["l2", "l1"], "Half the sum of squares, or the sum of magnitudes.")),
        ("strength", number("Its factor.", NumberRange.notNegative)), ("parameters", patterns),
      ], required: ["kind", "strength"])
  }

  private var group: JSONValue {
    closed(
      "Factors for some parameters.",
      [
        ("parameters", patterns), ("rate", described("On the learning rate.", ["number"])),
        ("decay", described("On the weight decay.", ["number"])),
      ], required: ["parameters"])
  }

  private var gradientClip: JSONValue {
    closed(
      "A bound on the gradients: on the norm of all together, or on each value.",
      [
        ("norm", number("The greatest norm.", .positive)),
        ("value", number("The greatest value.", .positive)),
      ], required: [])
  }

  private var earlyStopping: JSONValue {
    closed(
      "When to stop before the last epoch.",
      [
        ("monitor", text("loss, validation_loss, or validation_ and a metric.")),
        ("patience", described("Epochs without a better value.", ["integer"], [("minimum", .integer(1))])),
        ("minimum_delta", number("The least change that counts.", .notNegative)),
        ("restore_best", described("Whether the best parameters are kept.", ["boolean"])),
      ], required: [])
  }

  private var data: JSONValue {
    let columns = JSONValue.object([
      ("description", .string("A column, a pattern, or several of them.")),
      ("anyOf", .array([text("A column or a pattern."), array(of: text("A column."), "Columns.")])),
    ])
    let factors = { (what: String) in
      JSONValue.object([
        ("description", .string(what)),
        (
          "anyOf",
          .array([self.described("One for all.", ["number"]), self.array(of: self.numbers, "One a column.")])
        ),
      ])
    }
    let input = closed(
      "How an input is filled.",
      [
        ("columns", columns), ("column", columns), ("scale", factors("x * scale + offset.")),
        ("offset", factors("x * scale + offset.")),
        ("standardize", described("Whether both are computed from the training rows.", ["boolean"])),
        ("file", text("A file of its own, beside the graph or below it.")),
        ("tensor", text("A tensor of a safetensors file.")),
        ("classes", array(of: text("A word."), "The words that stand for 0, 1, ...")),
      ], required: [])
    return closed(
      "Where the rows come from.",
      [
        ("file", text("A file beside the graph or below it.")), ("inputs", map(of: input, "By input.")),
        ("validation", number("The part that training does not see.", .fraction)),
        ("test", number("The part that is kept for the end.", .fraction)),
        ("split", words(["random", "tail"], "How rows are divided.", standard: "random")),
        ("text", described("Windows or lines of a text.", ["object"])),
      ], required: [])
  }

  private func number(_ summary: String, _ range: NumberRange) -> JSONValue {
    var bounds: [(String, JSONValue)] = []
    if range.lower > -.greatestFiniteMagnitude {
      bounds.append((range.includesLower ? "minimum" : "exclusiveMinimum", .double(range.lower)))
    }
    if range.upper < .greatestFiniteMagnitude {
      bounds.append((range.includesUpper ? "maximum" : "exclusiveMaximum", .double(range.upper)))
    }
    return described(summary, ["number"], bounds)
  }
}
