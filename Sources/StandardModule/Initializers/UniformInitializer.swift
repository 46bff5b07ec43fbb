import LayerKit

/// Numbers drawn evenly between two bounds.
struct UniformInitializer: Initializer {
  static let schema = Schema(
    "uniform", "Drawn evenly from `low` up to `high`.", formula: "w ~ U[low, high)",
    attributes: [
      .number("low", default: -0.05, "The lower bound."),
      .number("high", default: 0.05, "The upper bound."),
    ], inputs: [], outputs: [])

  private let low: Double
  private let high: Double

  init(_ attributes: Attributes) throws {
    low = attributes.number("low")
    high = attributes.number("high")
    guard low <= high else {
      throw LayerFault("\(low.short) is above high, which is \(high.short)", attribute: "low")
    }
    guard (high - low).isFinite else {
      throw LayerFault("\(low.short) is too far from high, which is \(high.short)", attribute: "low")
    }
  }

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.fillUniform(low: low, high: high, key: key)
  }
}
