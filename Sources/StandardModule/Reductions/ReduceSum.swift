import Kernels
import LayerKit

/// The operator `reduce_sum`: the sum over some axes.
struct ReduceSum: ReductionLayer {
  let axes: ReducedAxes

  static let schema = Schema(
    "reduce_sum", "Sums up over axes.", formula: "y = sum x",
    attributes: ReducedAxes.attributes)

  init(_ attributes: Attributes) throws { axes = ReducedAxes(attributes) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    axes.reduce(.sum, call, call.view().type, call.input(), y, scratch: 0)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    axes.expand(call, call.view().type, gy, gx)
  }
}
