import Kernels
import LayerKit

/// What `max_pool1d` and `max_pool2d` share: the maximum of each window, and where it stood.
protocol MaxPoolLayer: DifferentiableLayer {
  var window: PoolWindow { get }
}

extension MaxPoolLayer {
  func infer(_ inference: inout Inference) throws { try window.infer(&inference) }

  func operations(_ signature: Signature) -> Int { window.operations(signature) }

  /// The place of each maximum in its plane.
  func workspace(_ signature: Signature) -> Workspace {
    Workspace(saved: signature.isDifferentiated ? [.integers(signature.outputs[0].count)] : [])
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let planes = window.planes(call)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let places: UnsafeMutablePointer<Int32>? = call.isDifferentiated ? call.saved(0) : nil
    if places != nil { try checkPlaces(planes.inputCount) }
    call.parallel(planes.count, cost: planes.cost) { start, count in
      for plane in start..<start + count {
        let output = plane * planes.outputCount
        maxPool(planes, x + plane * planes.inputCount, y + output, places.map { $0 + output })
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let planes = window.planes(call)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let places: UnsafeMutablePointer<Int32> = call.saved(0)
    call.parallel(planes.count, cost: planes.inputCount + planes.outputCount) { start, count in
      for plane in start..<start + count {
        let output = plane * planes.outputCount
        scatterToPlaces(
          gy + output, places + output, count: planes.outputCount, gx + plane * planes.inputCount,
          size: planes.inputCount)
      }
    }
  }
}

/// Places in a plane are kept in 32 bits. Throws `RunFault` where a plane has more.
func checkPlaces(_ size: Int) throws {
  guard size > Int(Int32.max) else { return }
  throw RunFault(
    input: 0, element: 0, "has planes of \(size) elements; accepted for training are up to \(Int32.max)")
}
