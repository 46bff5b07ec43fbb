import Glibc
import Kernels
import LayerKit

/// What `adam` and `adamw` share: running means of the gradient and of its square, freed of their start at 0.
struct AdaptiveMoments: Sendable {
  static func attributes(rate: Double) -> [Attribute] {
    [.learningRate(default: rate), .beta1(), .beta2(), .epsilon(default: 1e-8)]
  }

  let beta1: Double
  let beta2: Double
  let epsilon: Double

  init(_ attributes: Attributes) {
    beta1 = attributes.number("beta1")
    beta2 = attributes.number("beta2")
    epsilon = attributes.number("epsilon")
  }

  /// Does one step, after every parameter was multiplied by `keep`.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>, keep: Double) {
    let (w, g) = (range.parameters, range.gradients)
    let (means, squares) = (range.slot(0), range.slot(1))
    let step = Double(range.step)
    let rate = Scalar(Double(range.rate) / (1 - pow(beta1, step)))
    let root = Scalar((1 - pow(beta2, step)).squareRoot())
    let (keep, epsilon, takenMean) = (Scalar(keep), Scalar(epsilon), Scalar(1 - beta1))
    let (keptSquare, takenSquare) = (Scalar(beta2), Scalar(1 - beta2))
    for i in 0..<range.count {
      let mean = means[i] + takenMean * (g[i] - means[i])
      let square = keptSquare * squares[i] + takenSquare * (g[i] * g[i])
      means[i] = mean
      squares[i] = square
      w[i] = keep * w[i] - rate * (mean / (square.rootOfSquares / root + epsilon))
    }
  }
}
