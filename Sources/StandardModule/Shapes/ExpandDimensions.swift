import LayerKit

/// The operator `expand_dimensions`.
struct ExpandDimensions: CopyLayer {
  static let examples = [
    Example("\"axis\": 1", .floats([3, 4])), Example("\"axis\": -1", .floats([3])),
    Example("\"axis\": 0", .integers([], below: 4)),
  ]
  static let schema = Schema(
    "expand_dimensions", "Inserts an axis of size 1.",
    attributes: [.axis("The place of the new axis in the output; negative: from the output's end.")])

  private let axis: Int

  init(_ attributes: Attributes) { axis = attributes.integer("axis") }

  func infer(_ inference: inout Inference) throws {
    var type = inference.input()
    type.shape.insert(1, at: try inference.axis(axis, of: type, adding: 1))
    inference.output(type)
  }
}
