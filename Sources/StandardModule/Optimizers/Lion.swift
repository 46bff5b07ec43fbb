import Kernels
import LayerKit

/// Steps of one size, in the direction of the sign of the mean gradient.
struct Lion: Optimizer {
  static let schema = Schema(
    "lion", "Moves every parameter by the rate, against the sign of a mean gradient.",
    formula: """
      w = w - rate (sign(beta1 m + (1 - beta1) g) + weight_decay w)
      m = beta2 m + (1 - beta2) g
      """,
    attributes: [
      .learningRate(default: 1e-4), .beta1(), .beta2(default: 0.99), .weightDecay(default: 0),
    ], inputs: [], outputs: [])

  let learningRate: Double
  let weightDecay: Double
  private let beta1: Double
  private let beta2: Double

  init(_ attributes: Attributes) {
    learningRate = attributes.number("learning_rate")
    weightDecay = attributes.number("weight_decay")
    beta1 = attributes.number("beta1")
    beta2 = attributes.number("beta2")
  }

  var slotCount: Int { 1 }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    Kernel.lion(
      range.parameters, gradients: range.gradients, means: range.slot(0), count: range.count,
      rate: Double(range.rate), decay: Double(range.weightDecay), beta1: beta1, beta2: beta2)
  }
}
