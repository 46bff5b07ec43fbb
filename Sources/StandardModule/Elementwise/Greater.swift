import LayerKit
import Tensors

/// The operator `greater`.
struct Greater: ComparisonLayer {
  static let comparison = Comparison.greater
  static let elements: [ElementType] = [.float32, .float64, .int32]
  static let examples = [
    Example("", .integers([3, 4], below: 3), .integers([3, 4], below: 3)),
    Example("", .floats([3, 4]), .floats([4])),
    Example("", .floats([2, 1]), .floats([3])),
  ]
  static let schema = Schema(
    "greater", "Whether the first element is above the second, broadcast to one shape.", formula: "y = a > b",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}
}
