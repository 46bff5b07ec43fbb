import LayerKit

/// The operator `squeeze`.
struct Squeeze: CopyLayer {
  static let examples = [
    Example("\"axis\": 1", .floats([3, 1, 4])), Example("\"axis\": -1", .integers([3, 1], below: 4)),
  ]
  static let schema = Schema(
    "squeeze", "Takes an axis of size 1 away.",
    attributes: [.axis("The axis; its size must be 1.")])

  private let axis: Int

  init(_ attributes: Attributes) { axis = attributes.integer("axis") }

  func infer(_ inference: inout Inference) throws {
    var type = inference.input()
    let place = try inference.axis(axis, of: type)
    guard type.shape[place] == 1 else {
      throw LayerFault(
        "axis \(axis) of \(type.shapeText) has the size \(type.shape[place]), not 1", attribute: "axis")
    }
    type.shape.remove(at: place)
    inference.output(type)
  }
}
