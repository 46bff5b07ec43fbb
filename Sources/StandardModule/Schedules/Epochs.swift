import LayerKit

extension Attribute {
  static let warmup = Attribute.integer(
    "warmup", atLeast: 0, default: 0, "The steps over which the rate rises from 0 before the schedule begins."
  )

  static let minimumRate = Attribute.number(
    "minimum", .notNegative, default: 0, "The learning rate of the last step.")
}

extension Schedule {
  /// The epoch of a step, both counted from 0.
  func epoch(_ step: Int, _ stepsPerEpoch: Int) -> Int { step / max(1, stepsPerEpoch) }

  /// How far a step is on the way from the first (0) to the last (1); a way of one step stays at 0.
  func progress(_ step: Int, _ steps: Int) -> Double {
    steps > 1 ? min(1, Double(step) / Double(steps - 1)) : 0
  }
}
