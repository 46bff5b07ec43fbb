import LayerKit

/// Even numbers whose variance is 2 / fan_in.
struct HeUniform: Initializer {
  static let schema = Schema(
    "he_uniform", "Drawn evenly, with a variance that suits `relu`.",
    formula: "bound = sqrt(6 / fan_in), w ~ U[-bound, bound)", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let bound = (6 / Double(max(1, fanIn))).squareRoot()
    values.fillUniform(low: -bound, high: bound, key: key)
  }
}
