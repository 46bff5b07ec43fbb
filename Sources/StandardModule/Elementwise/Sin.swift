import LayerKit

/// The operator `sin`.
struct Sin: UnaryLayer {
  static let examples = [Example("", .floats([3, 4]))]
  static let schema = Schema("sin", "The sine of every element, in radians.", formula: "y = sin(x)")

  let kernel = MapKernel(.sin)

  init(_ attributes: Attributes) {}
}
