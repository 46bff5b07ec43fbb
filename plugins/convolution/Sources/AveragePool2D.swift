import LayerKit

/// The operator `average_pool2d`: the mean of what each window covers of its image.
struct AveragePool2D: AveragePoolLayer {
  let window: PoolWindow
  var hasChannelsLast = false

  static let schema = Schema(
    "average_pool2d", "The mean of each window of images.",
    formula: "y = the mean of x under the window, padding left out of sum and count",
    attributes: PoolWindow.attributes,
    inputs: [Port("x", "[batch, channels, height, width]")])

  static let examples = PoolWindow.imageExamples

  init(_ attributes: Attributes) throws { window = try PoolWindow(attributes, rank: 2) }
}
