import LayerKit

/// The operator `max_pool1d`: the largest of each window.
///
/// The gradient of equals goes to the first in row-major order; what is not a number is passed on.
struct MaxPool1D: MaxPoolLayer {
  let window: PoolWindow
  var fusion = MaxPoolFusion()

  static let schema = Schema(
    "max_pool1d", "The largest of each window of sequences.",
    formula: "y = the maximum of x under the window; padding counts as minus infinity",
    attributes: PoolWindow.attributes,
    inputs: [Port("x", "[batch, channels, length]")])

  static let examples = PoolWindow.sequenceExamples

  init(_ attributes: Attributes) throws { window = try PoolWindow(attributes, rank: 1) }
}
