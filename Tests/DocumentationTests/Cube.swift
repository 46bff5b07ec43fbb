import Kernels
import LayerKit

/// The operator `cube`: the third power of every element, times a factor.
struct Cube: DifferentiableLayer {
  static let examples = [Example("", .floats([3, 4])), Example("\"factor\": 0.5", .floats([5]))]
  static let schema = Schema(
    "cube", "Raises every element to the third power.", formula: "y = factor x^3",
    attributes: [.number("factor", default: 1, "What the power is multiplied by.")])

  let factor: Double

  init(_ attributes: Attributes) { factor = attributes.number("factor") }

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    call.parallel(call.outputs[0].count, cost: 2) { start, count in
      power(x + start, y + start, count: count)
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    call.parallel(call.outputs[0].count, cost: 3) { start, count in
      slope(x + start, gy + start, gx + start, count: count)
    }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func power<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { y[i] = Scalar(factor) * x[i] * x[i] * x[i] }
  }

  @specialized(where Scalar == Float) @specialized(where Scalar == Double)
  private func slope<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ gy: UnsafePointer<Scalar>, _ gx: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for i in 0..<count { gx[i] = gy[i] * Scalar(3 * factor) * x[i] * x[i] }
  }
}
