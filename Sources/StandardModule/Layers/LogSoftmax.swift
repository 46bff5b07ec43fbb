import Kernels
import LayerKit

/// The operator `log_softmax`: the logarithms of the probabilities of `softmax`.
public struct LogSoftmax: AxisLayer {
  /// The axis, as the file gives it: it may count from the end.
  public let axis: Int

  public static let schema = Schema(
    "log_softmax", "Turns numbers along an axis into the logarithms of probabilities.",
    formula: "y_i = x_i - m - ln(sum_j e^(x_j - m)), m = max_j x_j",
    attributes: [.axis(default: -1, "The axis.")])

  public init(_ attributes: Attributes) throws { axis = attributes.integer("axis") }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let view = AxisView(call.outputs[0].type, axis: axis)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    call.parallel(view.outer, cost: saturatingProduct(4, view.stride)) { start, count in
      let place = start * view.stride
      Kernel.logSoftmax(x: x + place, y: y + place, outer: count, count: view.count, inner: view.inner)
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let view = AxisView(call.outputs[0].type, axis: axis)
    let (y, gy) = (call.output(0, as: Scalar.self), call.outputGradient(0, as: Scalar.self))
    call.parallel(view.outer, cost: saturatingProduct(4, view.stride)) { start, count in
      let place = start * view.stride
      Kernel.logSoftmaxGradient(
        y: y + place, gy: gy + place, gx: gx + place, outer: count, count: view.count, inner: view.inner)
    }
  }
}
