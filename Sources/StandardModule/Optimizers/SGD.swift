import Kernels
import LayerKit

/// Gradient descent, with momentum where it is asked for.
struct SGD: Optimizer {
  static let schema = Schema(
    "sgd", "Gradient descent, stochastic where the batch is a part of the data.",
    formula: """
      v = momentum v + g (the first v is g)
      w = w - rate v, or w - rate (g + momentum v) with nesterov
      """,
    attributes: [
      .learningRate(default: 0.01),
      .number("momentum", .fraction, default: 0, "How much of its velocity a step keeps."),
      .boolean("nesterov", default: false, "Takes the gradient ahead of the velocity; needs momentum."),
    ], inputs: [], outputs: [])

  let learningRate: Double
  private let momentum: Double
  private let isNesterov: Bool

  init(_ attributes: Attributes) throws {
    learningRate = attributes.number("learning_rate")
    momentum = attributes.number("momentum")
    isNesterov = attributes.boolean("nesterov")
    guard !isNesterov || momentum > 0 else {
      throw LayerFault("true needs a momentum above 0, found momentum 0", attribute: "nesterov")
    }
  }

  var slotCount: Int { momentum == 0 ? 0 : 1 }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate) = (range.parameters, range.gradients, Double(range.rate))
    guard momentum > 0 else {
      Kernel.descend(w, gradients: g, count: range.count, rate: rate)
      return
    }
    // The slot is 0 before the first step, so the first velocity is the gradient without a case of its own.
    Kernel.momentum(
      w, gradients: g, velocity: range.slot(0), count: range.count, rate: rate, momentum: momentum,
      ahead: isNesterov)
  }
}
