import LayerKit

/// The operator `average_pool1d`: the mean of what each window covers of its sequence.
struct AveragePool1D: AveragePoolLayer {
  let window: PoolWindow

  static let schema = Schema(
    "average_pool1d", "The mean of each window of sequences.",
    formula: "y = the mean of x under the window, padding left out of sum and count",
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
