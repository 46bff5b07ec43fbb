import Glibc
import LayerKit

/// The rate falls by a factor with every epoch.
struct ExponentialSchedule: Schedule {
  static let schema = Schema(
    "exponential", "Multiplies the rate by `factor` after every epoch.",
    formula: "factor^epoch, epoch = floor(step / steps an epoch), after the warm-up",
    attributes: [.number("factor", .positive, "What the rate is multiplied by."), .warmup],
    inputs: [], outputs: [])

  let warmup: Int
  private let factor: Double

  init(_ attributes: Attributes) {
    warmup = attributes.integer("warmup")
    factor = attributes.number("factor")
  }

  func factor(step: Int, steps: Int, stepsPerEpoch: Int, rate: Double) -> Double {
    pow(factor, Double(epoch(step, stepsPerEpoch)))
  }
}
