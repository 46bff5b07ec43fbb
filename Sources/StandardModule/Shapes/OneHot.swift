import Kernels
import LayerKit

/// The operator `one_hot`.
struct OneHot: GradientFreeLayer {
  static let examples = [
    Example("\"classes\": 4", .integers([5], below: 4)),
    Example("\"classes\": 2", .integers([2, 3], below: 2)),
    Example("\"classes\": 1", .integers([], below: 1)),
  ]
  static let schema = Schema(
    "one_hot", "Makes each class a row of zeros with a 1 in the class's place.",
    formula: "y[..., k] = 1 where x = k, else 0",
    attributes: [.integer("classes", atLeast: 1, "The number of classes: the size of the new last axis.")],
    inputs: [Port("x", "int32, each from 0 to below classes")])

  private let classes: Int

  init(_ attributes: Attributes) { classes = attributes.integer("classes") }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    inference.output(.float32, try inference.input(0, of: .int32).shape + [Dimension(classes)])
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    try call.checkIndices(0, below: classes, in: "one_hot of \(classes) classes")
    let (x, y): (UnsafePointer<Int32>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let classes = classes
    call.parallel(call.view().count, cost: classes) { start, count in
      Kernel.fill(value: 0, y: y + start * classes, count: count * classes)
      mark(x + start, y + start * classes, rows: count, classes: classes)
    }
  }
}

/// Writes the 1 of each row.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func mark<Scalar: FloatScalar>(
  _ x: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Scalar>, rows: Int, classes: Int
) {
  for row in 0..<rows { y[row * classes + Int(x[row])] = 1 }
}
