import Kernels
import LayerKit

/// What `average_pool1d` and `average_pool2d` share: the mean of what each window covers of the image.
protocol AveragePoolLayer: DifferentiableLayer {
  var window: PoolWindow { get }
}

extension AveragePoolLayer {
  func infer(_ inference: inout Inference) throws { try window.infer(&inference) }

  func operations(_ signature: Signature) -> Int { window.operations(signature) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let planes = window.planes(call)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    call.parallel(planes.count, cost: planes.cost) { start, count in
      for plane in start..<start + count {
        averagePool(planes, x + plane * planes.inputCount, y + plane * planes.outputCount)
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let planes = window.planes(call)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    call.parallel(planes.count, cost: planes.cost) { start, count in
      for plane in start..<start + count {
        averagePoolGradient(planes, gy + plane * planes.outputCount, gx + plane * planes.inputCount)
      }
    }
  }
}
