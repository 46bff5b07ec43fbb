import LayerKit

/// The operator `sign`.
struct Sign: UnaryLayer {
  static let examples = [Example("", .floats([3, 4]))]
  static let schema = Schema(
    "sign", "The sign of every element: -1, 0 or 1; the gradient is 0.", formula: "y = sign(x)")

  let kernel = MapKernel(.sign)

  init(_ attributes: Attributes) {}
}
