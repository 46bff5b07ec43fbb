import Kernels
import LayerKit

/// The operator `argmax`: where the largest number of an axis stands.
public struct ArgMax: DifferentiableLayer {
  /// The axis, as the file gives it: it may count from the end.
  public let axis: Int

  public static let examples = [
    Example("", .floats([3, 4])), Example("\"axis\": 0", .floats([3, 2])),
    Example("\"axis\": 1", .floats([2, 3, 2])),
  ]

  public static let schema = Schema(
    "argmax", "Finds the place of the largest number of an axis, the first of equals, as int32.",
    formula: "y = the first i with x_i = max_j x_j",
    attributes: [.axis(default: -1, "The axis; it is gone in the result.")])

  public init(_ attributes: Attributes) throws { axis = attributes.integer("axis") }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    let place = try inference.axis(axis, of: x)
    var shape = x.shape
    shape.remove(at: place)
    inference.output(.int32, shape)
  }

  public func operations(_ signature: Signature) -> Int { signature.input().count }

  public func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  public func hasGradient(input: Int) -> Bool { false }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let view = AxisView(call.view().type, axis: axis)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Int32>) = (call.input(), call.output())
    call.parallel(view.outer, cost: view.stride) { start, count in
      Kernel.argmax(
        x: x + start * view.stride, outer: count, count: view.count, inner: view.inner,
        y: y + start * view.inner)
    }
  }

  /// Nothing: no gradient passes a place.
  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {}
}
