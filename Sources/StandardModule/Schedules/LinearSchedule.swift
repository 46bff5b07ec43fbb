import LayerKit

/// The rate falls along a straight line.
struct LinearSchedule: Schedule {
  static let schema = Schema(
    "linear", "Lowers the rate to `minimum` at the last step, along a straight line.",
    formula: """
      p = step / (steps - 1), after the warm-up
      rate_p = rate + (minimum - rate) p
      """,
    attributes: [.minimumRate, .warmup], inputs: [], outputs: [])

  let warmup: Int
  private let minimum: Double

  init(_ attributes: Attributes) {
    warmup = attributes.integer("warmup")
    minimum = attributes.number("minimum")
  }

  func factor(step: Int, steps: Int, stepsPerEpoch: Int, rate: Double) -> Double {
    let progress = progress(step, steps)
    return 1 - progress + minimum / rate * progress
  }
}
