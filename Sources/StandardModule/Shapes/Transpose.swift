import Kernels
import LayerKit

/// The operator `transpose`.
struct Transpose: DifferentiableLayer {
  static let examples = [
    Example("\"permutation\": [1, 0]", .floats([3, 4])),
    Example("\"permutation\": [2, 0, 1]", .floats([2, 3, 4])),
    Example("\"permutation\": [0, -1, 1]", .integers([2, 3, 2], below: 5)),
  ]
  static let schema = Schema(
    "transpose", "Changes the order of the axes.", formula: "axis i of y is axis permutation[i] of x",
    attributes: [
      Attribute("permutation", .integers(-64...63), "For every axis of the output, the axis of the input.")
    ])

  private let permutation: [Int]

  init(_ attributes: Attributes) { permutation = attributes.integers("permutation") }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    let x = inference.input()
    let places = permutation.map { $0 < 0 ? $0 + x.rank : $0 }
    guard places.sorted() == Array(0..<x.rank) else {
      throw LayerFault(
        "\(permutation) does not name each of the \(x.rank) axes of \(x.shapeText) once",
        attribute: "permutation")
    }
    inference.output(x.element, places.map { x.shape[$0] })
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    move(call, from: call.view().base, to: call.outputs[0].base, isForward: true)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient = call.inputGradients[0] else { return }
    move(call, from: call.outputGradient(0, as: UInt8.self), to: gradient.base, isForward: false)
  }

  /// Walks what is written in its order, so that threads write to places of their own.
  private func move(
    _ call: Call, from: UnsafeRawPointer, to: UnsafeMutableRawPointer, isForward: Bool
  ) {
    let (x, y) = (call.view().shape, call.outputs[0].shape)
    var copy = StridedCopy(elementSize: call.outputs[0].type.element.byteCount)
    for axis in 0..<y.count {
      if isForward {
        let place = permutation[axis] < 0 ? permutation[axis] + y.count : permutation[axis]
        copy.append(y[axis], source: stride(x, place), destination: stride(y, axis))
      } else {
        let place = place(of: axis)
        copy.append(x[axis], source: stride(y, place), destination: stride(x, axis))
      }
    }
    copy.run(on: call, from: from, to: to)
  }

  /// The axis of the output that an axis of the input becomes.
  private func place(of axis: Int) -> Int {
    for (place, entry) in permutation.enumerated()
    where entry == axis || entry + permutation.count == axis { return place }
    preconditionFailure("axis \(axis) is not in the permutation \(permutation)")
  }

  private func stride(_ shape: [Int], _ axis: Int) -> Int { shape[(axis + 1)...].reduce(1, *) }
}
