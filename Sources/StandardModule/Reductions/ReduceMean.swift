import Kernels
import LayerKit

/// The operator `reduce_mean`: the mean over some axes.
public struct ReduceMean: DifferentiableLayer {
  private let axes: ReducedAxes

  public static let examples = [
    Example("", .floats([3, 4])), Example("\"axes\": [0, -1]", .floats([2, 3, 4])),
    Example("\"axes\": [1], \"keep_dimensions\": true", .floats([2, 3, 2])),
    Example("\"axes\": [0, 2, 4]", .floats([2, 2, 2, 2, 3])), Example("\"axes\": [0, 1]", .floats([3, 2])),
  ]

  public static let schema = Schema(
    "reduce_mean", "Takes the mean over axes.", formula: "y = sum x / count",
    attributes: ReducedAxes.attributes)

  public init(_ attributes: Attributes) throws { axes = ReducedAxes(attributes) }

  public func infer(_ inference: inout Inference) throws { try axes.infer(&inference) }

  public func operations(_ signature: Signature) -> Int { signature.input().count }

  public func workspace(_ signature: Signature) -> Workspace {
    Workspace(
      forwardScratch: axes.buffers(signature.input()))
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    axes.reduce(.sum, call, call.view().type, call.input(), y, scratch: 0)
    let share = 1 / Double(axes.countPerResult(call.view().type))
    Kernel.map(.linear, x: y, y: y, count: call.outputs[0].count, a: share)
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let share = 1 / Double(axes.countPerResult(call.view().type))
    Kernel.map(.linear, x: gy, y: gy, count: call.outputs[0].count, a: share)
    axes.expand(call, call.view().type, gy, gx)
  }
}
