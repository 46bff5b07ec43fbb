import Kernels
import LayerKit

/// The operator `add`.
struct Add: SeriesLayer {
  static let function = BinaryFunction.add
  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4])),
    Example("", .floats([3, 4]), .floats([4])),
    Example("", .floats([3, 1]), .floats([2, 1, 4]), .floats([])),
  ]
  static let schema = Schema(
    "add", "Adds two or more tensors, broadcast to one shape.", formula: "y = a + b + ...", inputs: [],
    leastInputs: 2)

  init(_ attributes: Attributes) {}

  func workspace(_ signature: Signature) -> Workspace { Workspace() }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  static func repeated<Scalar: FloatScalar>(
    _ times: Int, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    Kernel.map(.linear, x: x, y: y, count: count, a: Double(times), b: 0)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    for index in 0..<call.inputs.count {
      guard let gradient = call.inputGradients[index] else { continue }
      if gradient.count == call.outputs[0].count {
        call.copy(gy, to: gradient)
      } else {
        call.sum(UnsafePointer(gy), to: gradient.shape, gradient.pointer())
      }
    }
  }
}

extension Add: ChannelsLastLayer {
  func channelsLast(_ inputs: [ValueType]) -> (any Layer)? {
    inputs.allSatisfy { $0 == inputs[0] } ? self : nil
  }
}
