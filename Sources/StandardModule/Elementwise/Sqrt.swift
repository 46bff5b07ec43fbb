import LayerKit

/// The operator `sqrt`.
struct Sqrt: UnaryLayer {
  static let examples = [Example("", .floats([3, 4], in: 0.5...3))]
  static let schema = Schema("sqrt", "The square root of every element.", formula: "y = sqrt(x)")

  let kernel = MapKernel(.sqrt)

  init(_ attributes: Attributes) {}
}
