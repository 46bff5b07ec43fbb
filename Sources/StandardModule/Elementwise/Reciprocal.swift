import LayerKit

/// The operator `reciprocal`.
struct Reciprocal: UnaryLayer {
  static let examples = [Example("", .floats([3, 4], in: 0.5...3))]
  static let schema = Schema("reciprocal", "The reciprocal of every element.", formula: "y = 1 / x")

  let kernel = MapKernel(.reciprocal)

  init(_ attributes: Attributes) {}
}
