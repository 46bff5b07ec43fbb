import LayerKit

/// The operator `identity`.
struct Identity: CopyLayer {
  static let examples = [Example("", .floats([3, 4])), Example("", .integers([3], below: 5))]
  static let schema = Schema("identity", "Passes a tensor of any type on.", formula: "y = x")

  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws { inference.output(inference.input()) }
}
