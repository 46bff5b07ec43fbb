import Kernels
import LayerKit

/// The operator `multiply`.
struct Multiply: SeriesLayer {
  static let function = BinaryFunction.multiply
  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4])),
    Example("", .floats([3, 4]), .floats([3, 1])),
    Example("", .floats([3, 1]), .floats([2, 1, 4]), .floats([2, 3, 4])),
  ]
  static let schema = Schema(
    "multiply", "Multiplies two or more tensors, element by element, broadcast to one shape.",
    formula: "y = a b ...", inputs: [], leastInputs: 2)

  init(_ attributes: Attributes) {}

  func backwardReads(_ signature: Signature) -> BackwardReads {
    var reads = BackwardReads.everything
    reads.outputs = 0
    return reads
  }

  static func repeated<Scalar: FloatScalar>(
    _ times: Int, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var exponent = Scalar(times)
    Kernel.binary(.power, a: x, aStride: 1, b: &exponent, bStride: 0, y: y, count: count)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    // The product of the others, so that a factor of 0 leaves a gradient.
    call.forEachBroadcastGradient(as: Scalar.self) { input, gradient in
      var product = UnsafePointer(gy)
      for other in 0..<call.inputs.count where other != input {
        call.combine(.multiply, product, nil, with: other, into: gradient)
        product = UnsafePointer(gradient)
      }
    }
  }
}
