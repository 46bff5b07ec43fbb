import Kernels
import LayerKit

/// The operator `reduce_min`: the smallest along some axes.
public struct ReduceMin: DifferentiableLayer {
  private let axes: ReducedAxes

  public static let examples = [
    Example("", .floats([3, 4])), Example("\"axes\": [0, -1]", .floats([2, 3, 4])),
    Example("\"axes\": [1], \"keep_dimensions\": true", .floats([2, 3, 2])),
    Example("\"axes\": [0, 2, 4]", .floats([2, 2, 2, 2, 3])), Example("\"axes\": [0, 1]", .floats([3, 2])),
  ]

  public static let schema = Schema(
    "reduce_min", "Takes the smallest along axes; equals share the gradient evenly.", formula: "y = min x",
    attributes: ReducedAxes.attributes)

  public init(_ attributes: Attributes) throws { axes = ReducedAxes(attributes) }

  public func infer(_ inference: inout Inference) throws { try axes.infer(&inference) }

  public func operations(_ signature: Signature) -> Int { signature.input().count }

  public func workspace(_ signature: Signature) -> Workspace {
    Workspace(
      forwardScratch: axes.buffers(signature.input()),
      backwardScratch: axes.extremeBuffers(signature))
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads {
    BackwardReads(inputs: [0], outputs: [0])
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    axes.reduce(.minimum, call, call.view().type, call.input(), y, scratch: 0)
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    axes.extremeGradient(call, as: Scalar.self)
  }
}
