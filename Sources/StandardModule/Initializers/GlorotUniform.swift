import LayerKit

/// Even numbers whose variance is 2 / (fan_in + fan_out).
struct GlorotUniform: Initializer {
  static let schema = Schema(
    "glorot_uniform", "Drawn evenly, with a variance that the number of inputs and outputs sets.",
    formula: "bound = sqrt(6 / (fan_in + fan_out)), w ~ U[-bound, bound)", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let bound = (6 / Double(max(1, saturatingSum(fanIn, fanOut)))).squareRoot()
    values.fillUniform(low: -bound, high: bound, key: key)
  }
}
