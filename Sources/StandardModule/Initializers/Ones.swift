import LayerKit

/// Every value is 1.
struct Ones: Initializer {
  static let schema = Schema("ones", "Every value is 1.", formula: "w = 1", inputs: [], outputs: [])

  init() {}

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.update(repeating: 1)
  }
}
