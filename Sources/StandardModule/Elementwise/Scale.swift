import LayerKit

/// The operator `scale`.
struct Scale: UnaryLayer {
  static let examples = [
    Example("\"factor\": 0.5, \"offset\": -1", .floats([3, 4])),
    Example("", .floats([3, 4])),
  ]
  static let schema = Schema(
    "scale", "Multiplies every element by a number and adds another.", formula: "y = x factor + offset",
    attributes: [
      .number("factor", default: 1, "What every element is multiplied by."),
      .number("offset", default: 0, "What is added then."),
    ])

  let kernel: MapKernel

  init(_ attributes: Attributes) {
    kernel = MapKernel(.linear, a: attributes.number("factor"), b: attributes.number("offset"))
  }
}
