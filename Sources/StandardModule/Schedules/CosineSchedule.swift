import Glibc
import LayerKit

/// The rate falls along half a wave of the cosine.
struct CosineSchedule: Schedule {
  static let schema = Schema(
    "cosine", "Lowers the rate to `minimum` at the last step, along half a wave of the cosine.",
    formula: """
      p = step / (steps - 1), after the warm-up
      rate_p = minimum + (rate - minimum) (1 + cos(pi p)) / 2
      """,
    attributes: [.minimumRate, .warmup], inputs: [], outputs: [])

  let warmup: Int
  private let minimum: Double

  init(_ attributes: Attributes) {
    warmup = attributes.integer("warmup")
    minimum = attributes.number("minimum")
  }

  func factor(step: Int, steps: Int, stepsPerEpoch: Int, rate: Double) -> Double {
    let height = 0.5 * (1 + cos(Double.pi * progress(step, steps)))
    return height + minimum / rate * (1 - height)
  }
}
