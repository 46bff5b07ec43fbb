import Kernels
import LayerKit

/// The operator `reduce_mean`: the mean over some axes.
struct ReduceMean: ReductionLayer {
  let axes: ReducedAxes

  static let schema = Schema(
    "reduce_mean", "Takes the mean over axes.", formula: "y = sum x / count",
    attributes: ReducedAxes.attributes)

  init(_ attributes: Attributes) throws { axes = ReducedAxes(attributes) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    axes.reduce(.sum, call, call.view().type, call.input(), y, scratch: 0)
    let share = 1 / Double(axes.countPerResult(call.view().type))
    Kernel.map(.linear, x: y, y: y, count: call.outputs[0].count, a: share)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let share = 1 / Double(axes.countPerResult(call.view().type))
    Kernel.map(.linear, x: gy, y: gy, count: call.outputs[0].count, a: share)
    axes.expand(call, call.view().type, gy, gx)
  }
}
