import Kernels
import LayerKit

/// The operator `range`.
struct IndexRange: GradientFreeLayer {
  static let examples = [
    Example("\"axis\": 1", .floats([2, 5])), Example("\"axis\": -2", .integers([3, 2], below: 4)),
  ]
  static let schema = Schema(
    "range", "Counts the places of an axis from 0, as int32.", formula: "y = [0, 1, ..., n - 1]",
    attributes: [.axis("The axis of x whose size is n.")])

  private let axis: Int

  init(_ attributes: Attributes) { axis = attributes.integer("axis") }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    let x = inference.input()
    inference.output(.int32, [x.shape[try inference.axis(axis, of: x)]])
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Int32> = call.output()
    for i in 0..<call.outputs[0].count { y[i] = Int32(truncatingIfNeeded: i) }
  }
}
