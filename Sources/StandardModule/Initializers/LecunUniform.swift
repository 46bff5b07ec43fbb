import LayerKit

/// Even numbers whose variance is 1 / fan_in.
struct LecunUniform: Initializer {
  static let schema = Schema(
    "lecun_uniform", "Drawn evenly, with a variance that the number of inputs sets.",
    formula: "bound = sqrt(3 / fan_in), w ~ U[-bound, bound)", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let bound = (3 / Double(max(1, fanIn))).squareRoot()
    values.fillUniform(low: -bound, high: bound, key: key)
  }
}
