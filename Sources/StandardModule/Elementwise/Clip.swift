import LayerKit

/// The operator `clip`; `UnaryLayer` runs its kernel forward and backward, with f' = 1 between the bounds, else 0.
struct Clip: UnaryLayer {
  static let examples = [
    Example("\"minimum\": -0.5, \"maximum\": 0.75", .floats([3, 4], kinks: [-0.5, 0.75])),
    Example("\"minimum\": 0", .floats([3, 4])),
    Example("\"maximum\": 1", .floats([3, 4], kinks: [1])),
  ]
  static let schema = Schema(
    "clip", "Holds every element within bounds; at a bound the gradient is 0.",
    formula: "y = min(max(x, minimum), maximum)",
    attributes: [
      .number("minimum", optional: true, "The lower bound; without it there is none."),
      .number("maximum", optional: true, "The upper bound; without it there is none."),
    ])

  let kernel: MapKernel

  init(_ attributes: Attributes) throws {
    let minimum = attributes.optionalNumber("minimum") ?? -.infinity
    let maximum = attributes.optionalNumber("maximum") ?? .infinity
    guard minimum <= maximum else {
      throw LayerFault(
        "minimum \(minimum.short) is above maximum \(maximum.short)", attribute: "minimum")
    }
    kernel = MapKernel(.clip, a: minimum, b: maximum)
  }
}
