import LayerKit

/// Every value is the same.
struct ConstantInitializer: Initializer {
  static let schema = Schema(
    "constant", "Every value is `value`.", formula: "w = value",
    attributes: [.number("value", .finite, "The value.")], inputs: [], outputs: [])

  private let value: Double

  init(_ value: Double) { self.value = value }

  init(_ attributes: Attributes) { value = attributes.number("value") }

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.update(repeating: value)
  }
}
