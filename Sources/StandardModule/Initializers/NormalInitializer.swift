import LayerKit

/// Numbers drawn from a normal distribution.
struct NormalInitializer: Initializer {
  static let schema = Schema(
    "normal", "Drawn from a normal distribution.", formula: "w ~ N(mean, deviation^2)",
    attributes: [
      .number("mean", default: 0, "The mean."),
      .number("deviation", .notNegative, default: 0.05, "The standard deviation."),
    ], inputs: [], outputs: [])

  private let mean: Double
  private let deviation: Double

  init(_ attributes: Attributes) {
    mean = attributes.number("mean")
    deviation = attributes.number("deviation")
  }

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.fillNormal(mean: mean, deviation: deviation, key: key)
  }
}
