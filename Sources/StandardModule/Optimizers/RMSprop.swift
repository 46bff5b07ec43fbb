import Kernels
import LayerKit

/// Divides each parameter's rate by the root of the running mean of its squared gradients.
struct RMSprop: Optimizer {
  static let schema = Schema(
    "rmsprop", "Divides each parameter's rate by the root of the running mean of its squared gradients.",
    formula: """
      s = decay s + (1 - decay) g^2
      w = w - rate g / (sqrt(s) + epsilon)
      """,
    attributes: [.learningRate(default: 0.01), .decay(default: 0.99), .epsilon(default: 1e-8)],
    inputs: [], outputs: [])

  let learningRate: Double
  private let decay: Double
  private let epsilon: Double

  init(_ attributes: Attributes) {
    learningRate = attributes.number("learning_rate")
    decay = attributes.number("decay")
    epsilon = attributes.number("epsilon")
  }

  var slotCount: Int { 1 }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    Kernel.rootMeanSquare(
      range.parameters, gradients: range.gradients, squares: range.slot(0), count: range.count,
      rate: Double(range.rate), kept: decay, taken: 1 - decay, epsilon: epsilon)
  }
}
