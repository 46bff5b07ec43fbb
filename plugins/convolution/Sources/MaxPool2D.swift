import LayerKit

/// The operator `max_pool2d`: the largest of each window.
///
/// The gradient of equals goes to the first in row-major order; what is not a number is passed on.
struct MaxPool2D: MaxPoolLayer {
  let window: PoolWindow

  static let schema = Schema(
    "max_pool2d", "The largest of each window of images.",
    formula: "y = the maximum of x under the window; padding counts as minus infinity",
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
