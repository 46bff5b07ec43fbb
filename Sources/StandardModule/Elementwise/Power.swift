import Kernels
import LayerKit

/// The operator `power`.
struct Power: BroadcastLayer {
  static let function = BinaryFunction.power
  static let examples = [
    Example("", .floats([3, 4], in: 0.5...2), .floats([3, 4])),
    Example("", .floats([3, 4], in: 0.5...2), .floats([4])),
    Example("", .floats([2, 1], in: 0.5...2), .floats([3])),
    Example("", .floats([], in: 0.5...2), .floats([2, 3, 2])),
  ]
  static let schema = Schema(
    "power", "Raises the first tensor to the power of the second, broadcast to one shape.",
    formula: "y = a^b",
    inputs: Schema.pair)

  init(_ attributes: Attributes) {}

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0, 1], outputs: [0]) }
}
