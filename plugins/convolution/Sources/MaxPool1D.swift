import LayerKit

/// The operator `max_pool1d`: the largest of each window.
///
/// The gradient of equals goes to the first in row-major order; what is not a number is passed on.
struct MaxPool1D: MaxPoolLayer {
  let window: PoolWindow

  static let schema = Schema(
    "max_pool1d", "The largest of each window of sequences.",
    formula: "y = the maximum of x under the window; padding counts as minus infinity",
    attributes: PoolWindow.attributes,
    inputs: [Port("x", "[batch, channels, length]")])

  static let examples = [
    Example("\"kernel\": 2", .floats([2, 2, 7], kinks: [])),
    Example("\"kernel\": 3, \"stride\": 2, \"padding\": \"same\"", .floats([2, 2, 8], kinks: [])),
    Example("\"kernel\": [4], \"stride\": [1], \"padding\": [2, 3]", .floats([1, 2, 5], kinks: [])),
    Example("\"kernel\": 2, \"stride\": 3, \"padding\": \"valid\"", .floats([1, 3, 9], kinks: [])),
  ]

  init(_ attributes: Attributes) throws { window = try PoolWindow(attributes, rank: 1) }
}
