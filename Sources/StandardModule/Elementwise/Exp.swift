import LayerKit

/// The operator `exp`.
struct Exp: UnaryLayer {
  static let examples = [Example("", .floats([3, 4]))]
  static let schema = Schema("exp", "The exponential of every element.", formula: "y = e^x")

  let kernel = MapKernel(.exp)

  init(_ attributes: Attributes) {}
}
