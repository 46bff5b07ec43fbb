import LayerKit

/// Normal numbers whose variance is 1 / fan_in.
struct LecunNormal: Initializer {
  static let schema = Schema(
    "lecun_normal", "Drawn from a normal distribution, with a variance that the number of inputs sets.",
    formula: "w ~ N(0, 1 / fan_in)", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let deviation = (1 / Double(max(1, fanIn))).squareRoot()
    values.fillNormal(deviation: deviation, key: key)
  }
}
