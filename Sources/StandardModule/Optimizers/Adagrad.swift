import Kernels
import LayerKit

/// Divides each parameter's rate by the root of all its squared gradients so far.
struct Adagrad: Optimizer {
  static let schema = Schema(
    "adagrad", "Divides each parameter's rate by the root of the sum of its squared gradients.",
    formula: """
      s = s + g^2
      w = w - rate g / (sqrt(s) + epsilon)
      """,
    attributes: [.learningRate(default: 0.01), .epsilon(default: 1e-10)], inputs: [], outputs: [])

  let learningRate: Double
  private let epsilon: Double

  init(_ attributes: Attributes) {
    learningRate = attributes.number("learning_rate")
    epsilon = attributes.number("epsilon")
  }

  var slotCount: Int { 1 }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    Kernel.rootMeanSquare(
      range.parameters, gradients: range.gradients, squares: range.slot(0), count: range.count,
      rate: Double(range.rate), kept: 1, taken: 1, epsilon: epsilon)
  }
}
