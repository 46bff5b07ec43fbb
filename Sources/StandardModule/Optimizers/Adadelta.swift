import Kernels
import LayerKit

/// Takes the size of a step from the running mean of the steps before it.
struct Adadelta: Optimizer {
  static let schema = Schema(
    "adadelta", "Takes the size of a step from the running means of squared gradients and squared steps.",
    formula: """
      s = decay s + (1 - decay) g^2
      d = g sqrt(u + epsilon) / sqrt(s + epsilon)
      u = decay u + (1 - decay) d^2
      w = w - rate d
      """,
    attributes: [.learningRate(default: 1), .decay(default: 0.9), .epsilon(default: 1e-6)],
    inputs: [], outputs: [])

  let learningRate: Double
  private let decay: Double
  private let epsilon: Double

  init(_ attributes: Attributes) {
    learningRate = attributes.number("learning_rate")
    decay = attributes.number("decay")
    epsilon = attributes.number("epsilon")
  }

  var slotCount: Int { 2 }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    Kernel.adadelta(
      range.parameters, gradients: range.gradients, squares: range.slot(0), steps: range.slot(1),
      count: range.count, rate: Double(range.rate), decay: decay, epsilon: epsilon)
  }
}
