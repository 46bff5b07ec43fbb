import LayerKit

/// The operator `conv_transpose2d`: adds a weighted window to the result for each place of an image.
struct ConvTranspose2D: ConvolutionLayer {
  let settings: ConvolutionSettings
  var fusion = ConvolutionFusion()

  static let examples = [
    Example("\"filters\": 2, \"kernel\": 3", .floats([2, 2, 1, 2])),
    Example("\"filters\": 4, \"kernel\": [2, 3], \"stride\": 2, \"groups\": 2", .floats([1, 2, 2, 2])),
    Example("\"filters\": 2, \"kernel\": 3, \"stride\": 2, \"padding\": \"same\"", .floats([1, 1, 2, 3])),
    Example(
      "\"filters\": 2, \"kernel\": 3, \"stride\": 2, \"padding\": [1, 1, 0, 1], \"output_padding\": [1, 0], "
        + "\"bias\": false", .floats([1, 2, 2, 2])),
    Example(
      "\"filters\": 2, \"kernel\": 2, \"dilation\": 3, \"output_padding\": 2, \"activation\": \"tanh\"",
      .floats([1, 1, 2, 2])),
  ]

  static let schema = Schema(
    "conv_transpose2d", "Adds to the result, for each place of an image, its weighted window.",
    formula: """
      x [batch, channels, height, width], y [batch, filters, height', width']
      y[n, f, s i + d u - p, s j + d v - p] takes x[n, c, i, j] weight[c, f, u, v], and begins with bias[f]
      with stride s, dilation d and padding p, q taken off the result's ends;
      height' = (height - 1) s - p - q + d (k - 1) + output_padding + 1, with "same" height s
      """,
    attributes: ConvolutionSettings.attributes(
      Attribute(
        "output_padding", .integersOrInteger(0...largestWindowSize), default: .integers([0]),
        "What is added to the result behind each axis: an integer, or one an axis.")),
    inputs: [Port("x", "[batch, channels, height, width]")],
    parameters: ["weight [channels, filters / groups, kernel height, kernel width]", "bias [filters]"])

  init(_ attributes: Attributes) throws {
    settings = try ConvolutionSettings(attributes, rank: 2, isTransposed: true)
  }
}
