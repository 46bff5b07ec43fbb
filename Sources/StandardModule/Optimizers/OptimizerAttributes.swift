import LayerKit

extension Attribute {
  static func learningRate(default standard: Double) -> Attribute {
    .number("learning_rate", .positive, default: standard, "The rate, before the schedule and the groups.")
  }

  static func decay(default standard: Double) -> Attribute {
    .number("decay", .fraction, default: standard, "How much of the running mean a step keeps.")
  }

  static func beta1(default standard: Double = 0.9) -> Attribute {
    .number("beta1", .fraction, default: standard, "How much of the mean gradient a step keeps.")
  }

  static func beta2(default standard: Double = 0.999) -> Attribute {
    .number("beta2", .fraction, default: standard, "How much of the second running mean a step keeps.")
  }

  static func epsilon(default standard: Double) -> Attribute {
    .number("epsilon", .notNegative, default: standard, "Keeps the division away from 0.")
  }

  static func weightDecay(default standard: Double) -> Attribute {
    .number(
      "weight_decay", .notNegative, default: standard,
      "Shrinks every trainable parameter by this times the rate.")
  }
}
