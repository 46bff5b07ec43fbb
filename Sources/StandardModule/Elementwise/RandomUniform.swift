import Kernels
import LayerKit

/// The operator `random_uniform`.
struct RandomUniform: GradientFreeLayer {
  static let examples = [
    Example("\"shape\": [3, 4]"), Example("\"shape\": [5], \"low\": -2, \"high\": 0.5"),
  ]
  static let schema = Schema(
    "random_uniform", "Draws numbers evenly from a range, anew at every step, in inference too.",
    formula: "y in [low, high)",
    attributes: [
      Attribute("shape", .shape(inferred: false), "The shape: sizes and symbols."),
      .number("low", default: 0, "The lower bound, which may be drawn."),
      .number("high", default: 1, "The upper bound, which is not drawn."),
    ], inputs: [])

  private let shape: [Dimension]
  private let low: Double
  private let high: Double

  init(_ attributes: Attributes) throws {
    shape = try attributes.dimensions("shape")
    low = attributes.number("low")
    high = attributes.number("high")
    guard low <= high else {
      throw LayerFault("low \(low.short) is above high \(high.short)", attribute: "low")
    }
  }

  var drawsRandomNumbers: Bool { true }

  func infer(_ inference: inout Inference) throws { inference.output(.float32, shape) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    let (key, low, high) = (call.randomKey("random_uniform"), low, high)
    call.parallel(call.outputs[0].count, cost: 4) { start, count in
      Kernel.randomUniform(
        key: key, start: UInt64(start), y: y + start, count: count, low: low, high: high)
    }
  }
}
