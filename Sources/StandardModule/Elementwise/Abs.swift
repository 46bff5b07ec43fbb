import LayerKit

/// The operator `abs`.
struct Abs: UnaryLayer {
  static let examples = [Example("", .floats([3, 4]))]
  static let schema = Schema(
    "abs", "The magnitude of every element; at 0 the gradient is 0.", formula: "y = |x|")

  let kernel = MapKernel(.abs)

  init(_ attributes: Attributes) {}
}
