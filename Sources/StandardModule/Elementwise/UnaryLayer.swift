import Kernels
import LayerKit

/// An operator that is one function of `Kernels`, applied to every element.
protocol UnaryLayer: DifferentiableLayer {
  var kernel: MapKernel { get }
}

extension UnaryLayer {
  var computesInPlace: Bool { true }

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func backwardReads(_ signature: Signature) -> BackwardReads {
    let reads = kernel.function.gradientReads
    return BackwardReads(inputs: reads.input ? [0] : [], outputs: reads.output ? [0] : [])
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let kernel = kernel
    call.parallel(call.outputs[0].count, cost: 2) { start, count in
      Kernel.map(kernel.function, x: x + start, y: y + start, count: count, a: kernel.a, b: kernel.b)
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let kernel = kernel
    let reads = kernel.function.gradientReads
    let x: UnsafePointer<Scalar>? = reads.input ? call.input() : nil
    let y: UnsafePointer<Scalar>? = reads.output ? UnsafePointer(call.output(0, as: Scalar.self)) : nil
    call.parallel(call.outputs[0].count, cost: 2) { start, count in
      Kernel.mapGradient(
        kernel.function, x: x.map { $0 + start }, y: y.map { $0 + start }, gy: gy + start, gx: gx + start,
        count: count, a: kernel.a, b: kernel.b)
    }
  }
}
