import Kernels
import LayerKit

/// The operator `layer_norm`: each row of the last axis brought to mean 0 and variance 1.
public struct LayerNorm: DifferentiableLayer {
  private let normalization: RowNormalization

  public static let examples = [
    Example("", .floats([3, 5])), Example("\"epsilon\": 0.1", .floats([2, 3, 4])),
  ]

  public static let schema = Schema(
    "layer_norm", "Brings each row of the last axis to mean 0 and variance 1, then scales and shifts it.",
    formula: "y = (x - mean) / sqrt(variance + epsilon) scale + shift",
    attributes: [
      .number("epsilon", .positive, default: 1e-5, "Added under the root, so that no row divides by 0.")
    ],
    parameters: ["scale [in]", "shift [in]"])

  public init(_ attributes: Attributes) throws {
    normalization = RowNormalization(epsilon: attributes.number("epsilon"), isCentred: true)
  }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    let width = try inference.size(x, axis: -1)
    inference.parameter("scale", [width], Ones())
    inference.parameter("shift", [width], Zeros())
    inference.output(x)
  }

  public func operations(_ signature: Signature) -> Int { saturatingProduct(8, signature.outputs[0].count) }

  public func workspace(_ signature: Signature) -> Workspace { normalization.workspace(signature) }

  public func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    normalization.forward(call, as: Scalar.self)
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    normalization.backward(call, as: Scalar.self)
  }
}
