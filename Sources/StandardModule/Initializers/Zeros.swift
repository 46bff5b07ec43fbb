import LayerKit

/// Every value is 0.
struct Zeros: Initializer {
  static let schema = Schema("zeros", "Every value is 0.", formula: "w = 0", inputs: [], outputs: [])

  init() {}

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.update(repeating: 0)
  }
}
