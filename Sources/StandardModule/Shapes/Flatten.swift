import LayerKit

/// The operator `flatten`.
struct Flatten: CopyLayer {
  static let examples = [
    Example("", .floats([2, 3, 4])), Example("\"axis\": -2", .floats([2, 3, 2])),
    Example("\"axis\": 0", .integers([2, 3], below: 4)),
  ]
  static let schema = Schema(
    "flatten", "Makes the axes from `axis` on one; the elements keep their row-major order.",
    attributes: [.axis(default: 1, "The first axis of those that become one.")])

  private let axis: Int

  init(_ attributes: Attributes) { axis = attributes.integer("axis") }

  func infer(_ inference: inout Inference) throws {
    let x = inference.input()
    let place = try inference.axis(axis, of: x)
    inference.output(x.element, Array(x.shape[..<place]) + [Array(x.shape[place...]).elementCount])
  }
}
