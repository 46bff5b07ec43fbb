import Kernels
import LayerKit

/// The operator `softmax`: positive numbers along an axis that sum to 1.
public struct Softmax: AxisLayer {
  /// The axis, as the file gives it: it may count from the end.
  public let axis: Int

  public static let schema = Schema(
    "softmax", "Turns numbers along an axis into probabilities.",
    formula: "y_i = e^(x_i - m) / sum_j e^(x_j - m), m = max_j x_j",
    attributes: [.axis(default: -1, "The axis.")])

  public init(_ attributes: Attributes) throws { axis = attributes.integer("axis") }

  /// Whether the axis is the last of `rank` axes.
  func isOverLastAxis(rank: Int) -> Bool { axis == -1 || axis == rank - 1 }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let view = AxisView(call.outputs[0].type, axis: axis)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    call.parallel(view.outer, cost: saturatingProduct(4, view.stride)) { start, count in
      let place = start * view.stride
      Kernel.softmax(x: x + place, y: y + place, outer: count, count: view.count, inner: view.inner)
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let view = AxisView(call.outputs[0].type, axis: axis)
    let (y, gy) = (call.output(0, as: Scalar.self), call.outputGradient(0, as: Scalar.self))
    // gx_i = y_i (gy_i - sum_j y_j gy_j)
    call.parallel(view.outer, cost: saturatingProduct(2, view.stride)) { start, count in
      let place = start * view.stride
      Kernel.softmaxGradient(
        y: y + place, gy: gy + place, gx: gx + place, outer: count, count: view.count, inner: view.inner)
    }
  }
}
