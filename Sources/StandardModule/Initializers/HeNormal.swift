import LayerKit

/// Normal numbers whose variance is 2 / fan_in.
struct HeNormal: Initializer {
  static let schema = Schema(
    "he_normal", "Drawn from a normal distribution, with a variance that suits `relu`.",
    formula: "w ~ N(0, 2 / fan_in)", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let deviation = (2 / Double(max(1, fanIn))).squareRoot()
    values.fillNormal(deviation: deviation, key: key)
  }
}
