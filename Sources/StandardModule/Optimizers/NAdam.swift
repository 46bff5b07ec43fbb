import Glibc
import Kernels
import LayerKit

/// `adam` with Nesterov's momentum, whose strength grows with the steps.
struct NAdam: Optimizer {
  static let schema = Schema(
    "nadam", "`adam` with Nesterov's momentum, whose strength mu grows with the steps.",
    formula: """
      mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2)
      p_t = mu_1 mu_2 ... mu_t
      m = beta1 m + (1 - beta1) g
      v = beta2 v + (1 - beta2) g^2
      d = (1 - mu_t) / (1 - p_t) g + mu_(t+1) / (1 - p_(t+1)) m
      w = w - rate d / (sqrt(v / (1 - beta2^t)) + epsilon)
      """,
    attributes: AdaptiveMoments.attributes(rate: 0.002) + [
      .number("momentum_decay", .notNegative, default: 0.004, "How fast the momentum grows to beta1.")
    ], inputs: [], outputs: [])

  let learningRate: Double
  private let moments: AdaptiveMoments
  private let momentumDecay: Double

  init(_ attributes: Attributes) {
    learningRate = attributes.number("learning_rate")
    moments = AdaptiveMoments(attributes)
    momentumDecay = attributes.number("momentum_decay")
  }

  var slotCount: Int { 2 }

  /// The product of the momenta of all steps so far.
  var firstScalars: [Double] { [1] }

  func advance(_ scalars: UnsafeMutablePointer<Double>, step: Int) { scalars[0] *= momentum(step) }

  private func momentum(_ step: Int) -> Double {
    moments.beta1 * (1 - 0.5 * pow(0.96, Double(step) * momentumDecay))
  }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (rate, product) = (Double(range.rate), range.scalars[0])
    let next = momentum(range.step + 1)
    Kernel.nadam(
      range.parameters, gradients: range.gradients, means: range.slot(0), squares: range.slot(1),
      count: range.count, moments: moments.rates,
      gradientRate: rate * (1 - momentum(range.step)) / (1 - product),
      meanRate: rate * next / (1 - product * next),
      correction: 1 - pow(moments.beta2, Double(range.step)))
  }
}
