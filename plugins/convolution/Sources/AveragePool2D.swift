import LayerKit

/// The operator `average_pool2d`: the mean of what each window covers of its image.
struct AveragePool2D: AveragePoolLayer {
  let window: PoolWindow

  static let schema = Schema(
    "average_pool2d", "The mean of each window of images.",
    formula: "y = the mean of x under the window, padding left out of sum and count",
    attributes: PoolWindow.attributes,
    inputs: [Port("x", "[batch, channels, height, width]")])

  static let examples = [
    Example("\"kernel\": 2", .floats([2, 2, 4, 6], kinks: [])),
    Example("\"kernel\": 3, \"stride\": 2, \"padding\": \"same\"", .floats([1, 2, 6, 7], kinks: [])),
    Example("\"kernel\": 3, \"stride\": 1", .floats([1, 2, 4, 5], kinks: [])),
    Example(
      "\"kernel\": [2, 4], \"stride\": [1, 3], \"padding\": [1, 0, 0, 3]", .floats([1, 2, 3, 7], kinks: [])),
  ]

  init(_ attributes: Attributes) throws { window = try PoolWindow(attributes, rank: 2) }
}
