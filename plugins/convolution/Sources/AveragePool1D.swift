import LayerKit

/// The operator `average_pool1d`: the mean of what each window covers of its sequence.
struct AveragePool1D: AveragePoolLayer {
  let window: PoolWindow
  var hasChannelsLast = false

  static let schema = Schema(
    "average_pool1d", "The mean of each window of sequences.",
    formula: "y = the mean of x under the window, padding left out of sum and count",
    attributes: PoolWindow.attributes,
    inputs: [Port("x", "[batch, channels, length]")])

  static let examples = PoolWindow.sequenceExamples

  init(_ attributes: Attributes) throws { window = try PoolWindow(attributes, rank: 1) }
}
