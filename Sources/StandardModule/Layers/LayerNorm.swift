import LayerKit

/// The operator `layer_norm`: each row of the last axis brought to mean 0 and variance 1.
struct LayerNorm: RowNormalizationLayer {
  let normalization: RowNormalization

  static let schema = Schema(
    "layer_norm", "Brings each row of the last axis to mean 0 and variance 1, then scales and shifts it.",
    formula: "y = (x - mean) / sqrt(variance + epsilon) scale + shift",
    attributes: attributes,
    parameters: ["scale [in]", "shift [in]"])

  init(_ attributes: Attributes) throws {
    normalization = RowNormalization(epsilon: attributes.number("epsilon"), isCentred: true)
  }
}
