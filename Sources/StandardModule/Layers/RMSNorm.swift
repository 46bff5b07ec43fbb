import Kernels
import LayerKit

/// The operator `rms_norm`: each row of the last axis brought to a mean square of 1.
public struct RMSNorm: DifferentiableLayer {
  private let normalization: RowNormalization

  public static let examples = [
    Example("", .floats([3, 5])), Example("\"epsilon\": 0.1", .floats([2, 3, 4])),
  ]

  public static let schema = Schema(
    "rms_norm", "Brings each row of the last axis to a mean square of 1, then scales it.",
    formula: "y = x / sqrt(mean(x^2) + epsilon) scale",
    attributes: [
      .number("epsilon", .positive, default: 1e-5, "Added under the root, so that no row divides by 0.")
    ],
    parameters: ["scale [in]"])

  public init(_ attributes: Attributes) throws {
    normalization = RowNormalization(epsilon: attributes.number("epsilon"), isCentred: false)
  }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    let width = try inference.size(x, axis: -1)
    inference.parameter("scale", [width], Ones())
    inference.output(x)
  }

  public func operations(_ signature: Signature) -> Int { saturatingProduct(5, signature.outputs[0].count) }

  public func workspace(_ signature: Signature) -> Workspace { normalization.workspace(signature) }

  public func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    normalization.forward(call, as: Scalar.self)
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    normalization.backward(call, as: Scalar.self)
  }
}
