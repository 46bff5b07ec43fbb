import LayerKit

/// The operator `cos`.
struct Cos: UnaryLayer {
  static let examples = [Example("", .floats([3, 4]))]
  static let schema = Schema("cos", "The cosine of every element, in radians.", formula: "y = cos(x)")

  let kernel = MapKernel(.cos)

  init(_ attributes: Attributes) {}
}
