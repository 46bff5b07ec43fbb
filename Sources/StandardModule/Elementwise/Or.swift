import LayerKit
import Tensors

/// The operator `or`.
struct Or: ComparisonLayer {
  static let comparison = Comparison.or
  static let elements: [ElementType] = [.bool]
  static let examples = [
    Example("", ExampleInput([3, 4], .booleans), ExampleInput([3, 4], .booleans)),
    Example("", ExampleInput([2, 1], .booleans), ExampleInput([3], .booleans)),
  ]
  static let schema = Schema(
    "or", "Whether one of two elements is true, broadcast to one shape.", formula: "y = a or b",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}
}
