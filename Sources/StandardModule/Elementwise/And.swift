import LayerKit
import Tensors

/// The operator `and`.
struct And: ComparisonLayer {
  static let comparison = Comparison.and
  static let elements: [ElementType] = [.bool]
  static let examples = [
    Example("", ExampleInput([3, 4], .booleans), ExampleInput([3, 4], .booleans)),
    Example("", ExampleInput([2, 1], .booleans), ExampleInput([3], .booleans)),
  ]
  static let schema = Schema(
    "and", "Whether both elements are true, broadcast to one shape.", formula: "y = a and b",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}
}
