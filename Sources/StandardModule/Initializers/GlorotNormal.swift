import LayerKit

/// Normal numbers whose variance is 2 / (fan_in + fan_out).
struct GlorotNormal: Initializer {
  static let schema = Schema(
    "glorot_normal",
    "Drawn from a normal distribution, with a variance that the number of inputs and outputs sets.",
    formula: "w ~ N(0, 2 / (fan_in + fan_out))", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let deviation = (2 / Double(max(1, saturatingSum(fanIn, fanOut)))).squareRoot()
    values.fillNormal(deviation: deviation, key: key)
  }
}
