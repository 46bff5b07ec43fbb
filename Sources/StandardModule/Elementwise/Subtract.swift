import Kernels
import LayerKit

/// The operator `subtract`.
struct Subtract: BroadcastLayer {
  static let function = BinaryFunction.subtract
  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4])),
    Example("", .floats([3, 4]), .floats([4])),
    Example("", .floats([2, 1]), .floats([3])),
    Example("", .floats([]), .floats([2, 3, 2])),
  ]
  static let schema = Schema(
    "subtract", "Subtracts the second tensor from the first, broadcast to one shape.", formula: "y = a - b",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }
}
