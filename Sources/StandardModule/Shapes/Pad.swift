import Kernels
import LayerKit

/// The operator `pad`.
struct Pad: DifferentiableLayer {
  static let examples = [
    Example("\"before\": [0, 1], \"after\": [0, 2], \"value\": 0.5", .floats([2, 3])),
    Example("\"before\": [1, 0, 1], \"after\": [0, 2, 0]", .floats([2, 2, 2])),
    Example("\"before\": [1], \"after\": [0], \"value\": -1", .integers([3], below: 4)),
  ]
  static let schema = Schema(
    "pad", "Puts places that hold one value before and after the places of every axis.",
    attributes: [
      Attribute("before", .integers(0...Int.max), "For every axis, how many places to put before it."),
      Attribute("after", .integers(0...Int.max), "For every axis, how many places to put after it."),
      .number("value", default: 0, "The value of the new places."),
    ])

  private let before: [Int]
  private let after: [Int]
  private let value: Double

  init(_ attributes: Attributes) {
    before = attributes.integers("before")
    after = attributes.integers("after")
    value = attributes.number("value")
  }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    let x = inference.input()
    for (name, found) in [("before", before), ("after", after)] where found.count != x.rank {
      throw LayerFault(
        "\(found) has \(found.count) entries, but \(x.shapeText) has \(x.rank) axes", attribute: name)
    }
    try checkNumber(value, fits: x.element, attribute: "value")
    inference.output(
      x.element,
      x.shape.indices.map { x.shape[$0] + Dimension(before[$0]) + Dimension(after[$0]) })
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y, size) = (call.view(), call.outputs[0], call.outputs[0].type.element.byteCount)
    if y.count != x.count { call.fill(y, with: value) }
    var copy = StridedCopy(elementSize: size)
    let (first, steps) = (start(y.shape), StepPair(x.shape, y.shape))
    for axis in 0..<x.shape.count {
      copy.append(x.shape[axis], source: steps.inner(axis), destination: steps.outer(axis))
    }
    copy.run(on: call, from: x.base, to: y.base + first * size)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let (x, y) = (call.view().shape, call.outputs[0].shape)
    var copy = StridedCopy(elementSize: MemoryLayout<Scalar>.stride)
    let steps = StepPair(x, y)
    for axis in 0..<x.count {
      copy.append(x[axis], source: steps.outer(axis), destination: steps.inner(axis))
    }
    copy.run(on: call, from: call.outputGradient(0, as: Scalar.self) + start(y), to: gx)
  }

  /// Where the input's first element stands in the output.
  private func start(_ shape: [Int]) -> Int {
    var place = 0
    for axis in 0..<shape.count { place = place * shape[axis] + before[axis] }
    return place
  }
}

/// The row-major strides of the input and of the padded output.
private struct StepPair {
  private let x: [Int]
  private let y: [Int]

  init(_ x: [Int], _ y: [Int]) {
    self.x = x
    self.y = y
  }

  func inner(_ axis: Int) -> Int { x[(axis + 1)...].reduce(1, *) }
  func outer(_ axis: Int) -> Int { y[(axis + 1)...].reduce(1, *) }
}
