import LayerKit

/// The rate stays as it is.
struct ConstantSchedule: Schedule {
  static let schema = Schema(
    "constant", "Leaves the rate as it is.", formula: "factor = 1", attributes: [.warmup], inputs: [],
    outputs: [])

  let warmup: Int

  init(_ attributes: Attributes) { warmup = attributes.integer("warmup") }

  func factor(step: Int, steps: Int, stepsPerEpoch: Int, rate: Double) -> Double { 1 }
}
