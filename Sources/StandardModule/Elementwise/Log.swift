import LayerKit

/// The operator `log`.
struct Log: UnaryLayer {
  static let examples = [Example("", .floats([3, 4], in: 0.5...3))]
  static let schema = Schema("log", "The natural logarithm of every element.", formula: "y = ln(x)")

  let kernel = MapKernel(.log)

  init(_ attributes: Attributes) {}
}
