import LayerKit

/// The operator `negate`.
struct Negate: UnaryLayer {
  static let examples = [Example("", .floats([3, 4]))]
  static let schema = Schema("negate", "Changes the sign of every element.", formula: "y = -x")

  let kernel = MapKernel(.negate)

  init(_ attributes: Attributes) {}
}
