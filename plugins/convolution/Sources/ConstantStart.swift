import LayerKit

/// The first values of a parameter that begins as one number everywhere.
struct ConstantStart: Initializer {
  static let schema = Schema(
    "constant_start", "Every value is one number.", formula: "w = value",
    attributes: [.number("value", .finite, "The number.")], inputs: [], outputs: [])

  private let value: Double

  init(_ value: Double) { self.value = value }

  init(_ attributes: Attributes) { value = attributes.number("value") }

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.update(repeating: value)
  }
}
