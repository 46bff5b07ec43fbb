import Kernels
import LayerKit

/// The operator `stop_gradient`.
struct StopGradient: GradientFreeLayer {
  static let examples = [Example("", .floats([3, 4])), Example("", .integers([3], below: 5))]
  static let schema = Schema(
    "stop_gradient", "Passes a tensor of any type on, and no gradient back.", formula: "y = x, dy/dx = 0")

  init(_ attributes: Attributes) {}

  var computesInPlace: Bool { true }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws { inference.output(inference.input()) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.copy(call.view().base, to: call.outputs[0])
  }
}
