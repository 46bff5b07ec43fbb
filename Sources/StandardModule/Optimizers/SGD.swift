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
    if momentum == 0 {
      descend(range)
    } else if isNesterov {
      descendAhead(range)
    } else {
      descendWithMomentum(range)
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func descend<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate) = (range.parameters, range.gradients, range.rate)
    for i in 0..<range.count { w[i] -= rate * g[i] }
  }

  // The slot is 0 before the first step, so the first velocity is the gradient without a case of its own.
  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func descendWithMomentum<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate) = (range.parameters, range.gradients, range.rate)
    let velocity = range.slot(0)
    let momentum = Scalar(momentum)
    for i in 0..<range.count {
      let next = momentum * velocity[i] + g[i]
      velocity[i] = next
      w[i] -= rate * next
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func descendAhead<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    let (w, g, rate) = (range.parameters, range.gradients, range.rate)
    let velocity = range.slot(0)
    let momentum = Scalar(momentum)
    for i in 0..<range.count {
      let next = momentum * velocity[i] + g[i]
      velocity[i] = next
      w[i] -= rate * (g[i] + momentum * next)
    }
  }
}
