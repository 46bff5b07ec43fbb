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

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate) = (range.parameters, range.gradients, range.rate)
    let square = range.slot(0)
    let (kept, taken, epsilon) = (Scalar(decay), Scalar(1 - decay), Scalar(epsilon))
    for i in 0..<range.count {
      let next = kept * square[i] + taken * (g[i] * g[i])
      square[i] = next
      w[i] -= rate * (g[i] / (next.rootOfSquares + epsilon))
    }
  }
}
