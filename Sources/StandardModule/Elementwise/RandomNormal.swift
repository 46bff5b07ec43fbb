import Kernels
import LayerKit

/// The operator `random_normal`.
struct RandomNormal: GradientFreeLayer {
  static let examples = [
    Example("\"shape\": [3, 4]"), Example("\"shape\": [5], \"mean\": 2, \"deviation\": 0.5"),
  ]
  static let schema = Schema(
    "random_normal", "Draws normal numbers, anew at every step, in inference too.",
    formula: "y = mean + deviation n, n normal with mean 0 and deviation 1",
    attributes: [
      Attribute("shape", .shape(inferred: false), "The shape: sizes and symbols."),
      .number("mean", default: 0, "The mean."),
      .number("deviation", .notNegative, default: 1, "The standard deviation."),
    ], inputs: [])

  private let shape: [Dimension]
  private let mean: Double
  private let deviation: Double

  init(_ attributes: Attributes) throws {
    shape = try attributes.dimensions("shape")
    mean = attributes.number("mean")
    deviation = attributes.number("deviation")
  }

  var drawsRandomNumbers: Bool { true }

  func infer(_ inference: inout Inference) throws { inference.output(.float32, shape) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    let (key, mean, deviation) = (call.randomKey("random_normal"), mean, deviation)
    call.parallel(call.outputs[0].count, cost: 8) { start, count in
      Kernel.randomNormal(
        key: key, start: UInt64(start), y: y + start, count: count, mean: mean, deviation: deviation)
    }
  }
}

extension Attributes {
  /// The sizes of a shape that has no -1.
  func dimensions(_ name: String) throws -> [Dimension] {
    try shape(name).map { entry in
      switch entry {
      case .size(let size): return Dimension(size)
      case .symbol(let symbol): return Dimension(symbol: symbol)
      case .rest: throw LayerFault("-1 is no size here: nothing says what is left", attribute: name)
      }
    }
  }
}
