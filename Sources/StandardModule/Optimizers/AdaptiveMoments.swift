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

  var rates: MomentRates { MomentRates(beta1: beta1, beta2: beta2, epsilon: epsilon) }

  /// Does one step, after every parameter was multiplied by `keep`.
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>, keep: Double) {
    let step = Double(range.step)
    Kernel.adam(
      range.parameters, gradients: range.gradients, means: range.slot(0), squares: range.slot(1),
      count: range.count, moments: rates, keep: keep, rate: Double(range.rate) / (1 - pow(beta1, step)),
      root: (1 - pow(beta2, step)).squareRoot())
  }
}
