import LayerKit

/// The operator `conv2d`: each filter's weighted sum over a window that moves across an image.
struct Conv2D: ConvolutionLayer {
  let settings: ConvolutionSettings
  var fusion = ConvolutionFusion()

  static let examples = [
    Example("\"filters\": 2, \"kernel\": 3", .floats([2, 2, 3, 4])),
    Example("\"filters\": 4, \"kernel\": [2, 3], \"stride\": 2, \"groups\": 2", .floats([1, 2, 3, 5])),
    Example("\"filters\": 2, \"kernel\": 2, \"padding\": \"same\", \"bias\": false", .floats([1, 1, 3, 4])),
    Example(
      "\"filters\": 3, \"kernel\": 2, \"padding\": [1, 0, 0, 2], \"dilation\": [1, 2], \"stride\": [2, 1]",
      .floats([1, 2, 3, 3])),
    Example("\"filters\": 3, \"kernel\": 1, \"activation\": \"tanh\"", .floats([2, 2, 1, 3])),
    Example(
      "\"filters\": 2, \"kernel\": 3, \"groups\": 2, \"padding\": \"same\", \"weight_init\": \"he_normal\", "
        + "\"bias_init\": \"ones\"", .floats([1, 2, 3, 2])),
  ]

  static let schema = Schema(
    "conv2d", "Gives each filter a weighted sum over a window that moves across an image.",
    formula: """
      x [batch, channels, height, width], y [batch, filters, height', width']
      y[n, f, i, j] = bias[f] + sum over c, u, v of weight[f, c, u, v] x[n, c, s i + d u - p, s j + d v - p]
      with stride s, dilation d, and padding p before and q behind the axis;
      height' = floor((height + p + q - d (k - 1) - 1) / s) + 1
      """,
    attributes: ConvolutionSettings.attributes(),
    inputs: [Port("x", "[batch, channels, height, width]")],
    parameters: ["weight [filters, channels / groups, kernel height, kernel width]", "bias [filters]"])

  init(_ attributes: Attributes) throws { settings = try ConvolutionSettings(attributes, rank: 2) }
}
