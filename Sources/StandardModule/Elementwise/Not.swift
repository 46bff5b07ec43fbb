import Kernels
import LayerKit

/// The operator `not`.
struct Not: GradientFreeLayer {
  static let examples = [Example("", ExampleInput([3, 4], .booleans))]
  static let schema = Schema("not", "Whether an element is false.", formula: "y = not x")

  init(_ attributes: Attributes) {}

  var computesInPlace: Bool { true }

  func infer(_ inference: inout Inference) throws { inference.output(try inference.input(0, of: .bool)) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) = (call.input(), call.output())
    call.parallel(call.outputs[0].count) { start, count in
      for i in start..<(start + count) { y[i] = x[i] == 0 ? 1 : 0 }
    }
  }
}
