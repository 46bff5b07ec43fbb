import Kernels
import LayerKit

/// A layer that gives no gradient to any input, whatever reaches its outputs.
protocol GradientFreeLayer: DifferentiableLayer {}

extension GradientFreeLayer {
  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }
  func hasGradient(input: Int) -> Bool { false }
  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {}
}
