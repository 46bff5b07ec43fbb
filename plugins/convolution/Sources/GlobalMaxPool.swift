import Kernels
import LayerKit

/// The operator `global_max_pool`: the largest of each channel of each sample.
///
/// The gradient of equals goes to the first in row-major order; what is not a number is passed on.
struct GlobalMaxPool: DifferentiableLayer {
  static let schema = Schema(
    "global_max_pool", "The largest of each channel of each sample.",
    formula: "y = the maximum of x over every axis from 2 on",
    inputs: [Port("x", "[batch, channels, ...]")])

  static let examples = [
    Example("", .floats([2, 3, 4, 3], kinks: [])), Example("", .floats([3, 2, 5], kinks: [])),
  ]

  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws { try GlobalPool.infer(&inference) }

  func operations(_ signature: Signature) -> Int { signature.input().count }

  /// The place of each maximum in its plane.
  func workspace(_ signature: Signature) -> Workspace {
    let places = [Workspace.Buffer.integers(signature.outputs[0].count)]
    return signature.isDifferentiated ? Workspace(saved: places) : Workspace(forwardScratch: places)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (planes, inner) = GlobalPool.sizes(call)
    try checkPlaces(inner)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let places: UnsafeMutablePointer<Int32> = call.isDifferentiated ? call.saved(0) : call.scratch(0)
    call.parallel(planes, cost: inner) { start, count in
      Kernel.argmax(x: x + start * inner, outer: count, count: inner, inner: 1, y: places + start)
      gather(x + start * inner, places + start, y + start, planes: count, inner: inner)
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let (planes, inner) = GlobalPool.sizes(call)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let places: UnsafeMutablePointer<Int32> = call.saved(0)
    call.parallel(planes, cost: inner) { start, count in
      for plane in start..<start + count {
        scatterToPlaces(gy + plane, places + plane, count: 1, gx + plane * inner, size: inner)
      }
    }
  }
}

@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func gather<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ places: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Scalar>, planes: Int,
  inner: Int
) {
  for plane in 0..<planes { y[plane] = x[plane &* inner &+ Int(places[plane])] }
}
