import Kernels
import LayerKit

/// The operator `divide`.
struct Divide: BroadcastLayer {
  static let function = BinaryFunction.divide
  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4], in: 0.5...2)),
    Example("", .floats([3, 4]), .floats([4], in: 0.5...2)),
    Example("", .floats([2, 1]), .floats([3], in: 0.5...2)),
    Example("", .floats([]), .floats([2, 3, 2], in: 0.5...2)),
  ]
  static let schema = Schema(
    "divide", "Divides the first tensor by the second, element by element, broadcast to one shape.",
    formula: "y = a / b",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [1], outputs: [0]) }
}
