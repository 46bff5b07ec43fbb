import Kernels
import LayerKit

/// The operator `maximum`.
struct Maximum: BroadcastLayer {
  static let function = BinaryFunction.maximum
  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4])),
    Example("", .floats([3, 4]), .floats([4])),
    Example("", .floats([2, 1]), .floats([3])),
    Example("", .floats([]), .floats([2, 3, 2])),
  ]
  static let schema = Schema(
    "maximum", "Takes the larger of two elements, broadcast to one shape; equals share the gradient.",
    formula: "y = max(a, b)",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0, 1]) }
}
