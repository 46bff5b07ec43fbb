import LayerKit

/// The operator `square`.
struct Square: UnaryLayer {
  static let examples = [Example("", .floats([3, 4]))]
  static let schema = Schema("square", "The square of every element.", formula: "y = x^2")

  let kernel = MapKernel(.square)

  init(_ attributes: Attributes) {}
}
