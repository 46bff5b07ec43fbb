import Kernels
import LayerKit

/// Steps along the mean gradient, divided by the root of the mean squared gradient.
struct Adam: Optimizer {
  static let schema = Schema(
    "adam", "Steps along the running mean of the gradient, divided by the root of that of its square.",
    formula: """
      m = beta1 m + (1 - beta1) g
      v = beta2 v + (1 - beta2) g^2
      w = w - rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
      """,
    attributes: AdaptiveMoments.attributes(rate: 0.001), inputs: [], outputs: [])

  let learningRate: Double
  private let moments: AdaptiveMoments

  init(_ attributes: Attributes) {
    learningRate = attributes.number("learning_rate")
    moments = AdaptiveMoments(attributes)
  }

  var slotCount: Int { 2 }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) { moments.update(range, keep: 1) }
}
