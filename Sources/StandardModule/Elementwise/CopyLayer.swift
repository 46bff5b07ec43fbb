import Kernels
import LayerKit

/// A layer whose output holds the elements of its input in the same order, under whatever shape.
protocol CopyLayer: DifferentiableLayer {}

extension CopyLayer {
  var computesInPlace: Bool { true }
  func operations(_ signature: Signature) -> Int { 0 }
  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.copy(call.view().base, to: call.outputs[0])
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient = call.inputGradients[0] else { return }
    call.copy(call.outputGradient(0, as: Scalar.self), to: gradient)
  }
}

extension Call {
  /// Copies as many elements as `destination` has; nothing where it is the source itself.
  func copy(_ source: UnsafeRawPointer, to destination: TensorView) {
    guard source != UnsafeRawPointer(destination.base) else { return }
    let size = destination.type.element.byteCount
    parallel(destination.count) { start, count in
      (destination.base + start * size).copyMemory(from: source + start * size, byteCount: count * size)
    }
  }
}
