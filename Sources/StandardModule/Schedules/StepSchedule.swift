import Glibc
import LayerKit

/// The rate falls by a factor whenever some epochs have passed.
struct StepSchedule: Schedule {
  static let schema = Schema(
    "step", "Multiplies the rate by `factor` each `every` epochs.",
    formula: "factor^floor(epoch / every), epoch = floor(step / steps an epoch), after the warm-up",
    attributes: [
      .number("factor", .positive, default: 0.1, "What the rate is multiplied by."),
      .integer("every", atLeast: 1, "The epochs between two multiplications."),
      .warmup,
    ], inputs: [], outputs: [])

  let warmup: Int
  private let factor: Double
  private let every: Int

  init(_ attributes: Attributes) {
    warmup = attributes.integer("warmup")
    factor = attributes.number("factor")
    every = attributes.integer("every")
  }

  func factor(step: Int, steps: Int, stepsPerEpoch: Int, rate: Double) -> Double {
    pow(factor, Double(epoch(step, stepsPerEpoch) / every))
  }
}
