/// The initializer `constant`: every value is the same.
///
/// It lives here because modules begin scales and shifts with it; the core registers it.
public struct ConstantInitializer: Initializer {
  public static let schema = Schema(
    "constant", "Every value is `value`.", formula: "w = value",
    attributes: [.number("value", .finite, "The value.")], inputs: [], outputs: [])

  private let value: Double

  /// Every value is `value`.
  public init(_ value: Double) { self.value = value }

  public init(_ attributes: Attributes) { value = attributes.number("value") }

  public func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.update(repeating: value)
  }
}
