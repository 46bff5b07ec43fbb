import LayerKit

/// The operator `rms_norm`: each row of the last axis brought to a mean square of 1.
struct RMSNorm: RowNormalizationLayer {
  let normalization: RowNormalization

  static let schema = Schema(
    "rms_norm", "Brings each row of the last axis to a mean square of 1, then scales it.",
    formula: "y = x / sqrt(mean(x^2) + epsilon) scale",
    attributes: attributes,
    parameters: ["scale [in]"])

  init(_ attributes: Attributes) throws {
    normalization = RowNormalization(epsilon: attributes.number("epsilon"), isCentred: false)
  }
}
