import Kernels
import LayerKit

/// The operator `cumulative_sum`: each number plus all before it on its axis.
public struct CumulativeSum: DifferentiableLayer {
  /// The axis, as the file gives it: it may count from the end.
  public let axis: Int

  public static let examples = [
    Example("", .floats([3, 4])), Example("\"axis\": 0", .floats([3, 2])),
    Example("\"axis\": 1", .floats([2, 3, 2])),
  ]

  public static let schema = Schema(
    "cumulative_sum", "Adds to each number all before it on its axis.", formula: "y_i = sum_(j <= i) x_j",
    attributes: [.axis(default: -1, "The axis.")])

  public init(_ attributes: Attributes) throws { axis = attributes.integer("axis") }

  public var computesInPlace: Bool { true }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    _ = try inference.axis(axis, of: x)
    inference.output(x)
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    sum(call, call.input(), call.output(0, as: Scalar.self), reverse: false)
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    sum(call, UnsafePointer(call.outputGradient(0, as: Scalar.self)), gx, reverse: true)
  }

  private func sum<Scalar: FloatScalar>(
    _ call: Call, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, reverse: Bool
  ) {
    let view = AxisView(call.outputs[0].type, axis: axis)
    call.parallel(view.outer, cost: view.stride) { start, count in
      Kernel.cumulativeSum(
        x: x + start * view.stride, outer: count, count: view.count, inner: view.inner,
        y: y + start * view.stride, reverse: reverse)
    }
  }
}
