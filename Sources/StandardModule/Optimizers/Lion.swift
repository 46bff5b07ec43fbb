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

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate, decay) = (range.parameters, range.gradients, range.rate, range.weightDecay)
    let means = range.slot(0)
    let (kept1, taken1) = (Scalar(beta1), Scalar(1 - beta1))
    let (kept2, taken2) = (Scalar(beta2), Scalar(1 - beta2))
    for i in 0..<range.count {
      let direction = kept1 * means[i] + taken1 * g[i]
      let sign: Scalar = (direction > 0 ? 1 : 0) - (direction < 0 ? 1 : 0)
      w[i] -= rate * (sign + decay * w[i])
      means[i] = kept2 * means[i] + taken2 * g[i]
    }
  }
}
