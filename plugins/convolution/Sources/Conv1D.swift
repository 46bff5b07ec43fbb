import LayerKit

/// The operator `conv1d`: each filter's weighted sum over a window that moves along a signal.
struct Conv1D: ConvolutionLayer {
  let settings: ConvolutionSettings
  var fusion = ConvolutionFusion()

  static let examples = [
    Example("\"filters\": 3, \"kernel\": 3", .floats([2, 2, 4])),
    Example(
      "\"filters\": 2, \"kernel\": 2, \"stride\": 2, \"dilation\": 2, \"bias\": false", .floats([1, 2, 6])),
    Example("\"filters\": 4, \"kernel\": 4, \"padding\": \"same\", \"groups\": 2", .floats([1, 2, 5])),
    Example(
      "\"filters\": 2, \"kernel\": 3, \"padding\": [2, 1], \"activation\": \"sigmoid\"", .floats([1, 2, 2])),
  ]

  static let schema = Schema(
    "conv1d", "Gives each filter a weighted sum over a window that moves along a signal.",
    formula: """
      x [batch, channels, length], y [batch, filters, length']
      y[n, f, i] = bias[f] + sum over c, u of weight[f, c, u] x[n, c, s i + d u - p]
      with stride s, dilation d, and padding p before and q behind the axis;
      length' = floor((length + p + q - d (k - 1) - 1) / s) + 1
      """,
    attributes: ConvolutionSettings.attributes(),
    inputs: [Port("x", "[batch, channels, length]")],
    parameters: ["weight [filters, channels / groups, kernel]", "bias [filters]"])

  init(_ attributes: Attributes) throws { settings = try ConvolutionSettings(attributes, rank: 1) }
}
