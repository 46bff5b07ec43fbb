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

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate) = (range.parameters, range.gradients, range.rate)
    let sum = range.slot(0)
    let epsilon = Scalar(epsilon)
    for i in 0..<range.count {
      let next = sum[i] + g[i] * g[i]
      sum[i] = next
      w[i] -= rate * (g[i] / (next.rootOfSquares + epsilon))
    }
  }
}
