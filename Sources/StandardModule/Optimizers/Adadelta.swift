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

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate) = (range.parameters, range.gradients, range.rate)
    let (squares, steps) = (range.slot(0), range.slot(1))
    let (kept, taken, epsilon) = (Scalar(decay), Scalar(1 - decay), Scalar(epsilon))
    for i in 0..<range.count {
      let square = kept * squares[i] + taken * (g[i] * g[i])
      let step = (steps[i] + epsilon).rootOfSquares / (square + epsilon).rootOfSquares * g[i]
      squares[i] = square
      steps[i] = kept * steps[i] + taken * (step * step)
      w[i] -= rate * step
    }
  }
}
