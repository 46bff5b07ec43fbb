import Kernels
import LayerKit

/// `adam` with a decay of the parameters that does not pass through the gradient's means.
struct AdamW: Optimizer {
  static let schema = Schema(
    "adamw", "`adam`, after every trainable parameter was shrunk by the rate times `weight_decay`.",
    formula: """
      w = w (1 - rate weight_decay)
      m = beta1 m + (1 - beta1) g
      v = beta2 v + (1 - beta2) g^2
      w = w - rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
      """,
    attributes: AdaptiveMoments.attributes(rate: 0.001) + [.weightDecay(default: 0.01)],
    inputs: [], outputs: [])

  let learningRate: Double
  let weightDecay: Double
  private let moments: AdaptiveMoments

  init(_ attributes: Attributes) {
    learningRate = attributes.number("learning_rate")
    weightDecay = attributes.number("weight_decay")
    moments = AdaptiveMoments(attributes)
  }

  var slotCount: Int { 2 }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    moments.update(range, keep: 1 - Double(range.rate) * Double(range.weightDecay))
  }
}
