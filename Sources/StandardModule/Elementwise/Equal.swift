import LayerKit
import Tensors

/// The operator `equal`.
struct Equal: ComparisonLayer {
  static let comparison = Comparison.equal
  static let elements: [ElementType] = [.float32, .float64, .int32, .bool]
  static let examples = [
    Example("", .integers([3, 4], below: 3), .integers([3, 4], below: 3)),
    Example("", .floats([3, 4]), .floats([4])),
    Example("", .floats([2, 1]), .floats([3])),
    Example("", ExampleInput([3, 4], .booleans), ExampleInput([], .booleans)),
  ]
  static let schema = Schema(
    "equal", "Whether two elements are equal, broadcast to one shape.", formula: "y = a == b",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}
}
