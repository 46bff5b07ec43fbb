import Kernels
import LayerKit

/// The operator `split`.
struct Split: DifferentiableLayer {
  static let examples = [
    Example("\"parts\": 3", .floats([2, 6])),
    Example("\"sizes\": [1, 3], \"axis\": 0", .floats([4, 3])),
    Example("\"sizes\": [2, 1, 1], \"axis\": 1", .integers([2, 4, 2], below: 5)),
  ]
  static let schema = Schema(
    "split", "Cuts a tensor into parts along an axis.",
    attributes: [
      .axis(default: -1, "The axis."),
      Attribute(
        "parts", .integer(1...4096), optional: true, "How many equal parts; it must divide the axis."),
      Attribute(
        "sizes", .integers(1...Int.max), optional: true, "The size of each part; they fill the axis."
      ),
    ], outputs: nil)

  private let axis: Int
  private let parts: Int?
  private let sizes: [Int]

  init(_ attributes: Attributes) throws {
    axis = attributes.integer("axis")
    parts = attributes.optionalInteger("parts")
    sizes = attributes.optionalIntegers("sizes") ?? []
    guard attributes.has("parts") != attributes.has("sizes") else {
      throw LayerFault(
        attributes.has("parts") ? "takes parts or sizes, not both" : "needs parts or sizes",
        attribute: "parts")
    }
    guard parts != nil || !sizes.isEmpty else {
      throw LayerFault("needs one size or more", attribute: "sizes")
    }
  }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    let x = inference.input()
    let place = try inference.axis(axis, of: x)
    let size = x.shape[place]
    var pieces = sizes.map { Dimension($0) }
    if let parts {
      guard let part = size.dividedExactly(by: Dimension(parts)) else {
        throw LayerFault(
          "\(parts) parts do not divide the size \(size) of axis \(axis) of \(x.shapeText)",
          attribute: "parts")
      }
      pieces = Array(repeating: part, count: parts)
    } else if Dimension(sizes.reduce(0, saturatingSum)) != size {
      throw LayerFault(
        "sizes \(sizes) sum to \(sizes.reduce(0, saturatingSum)), but axis \(axis) of \(x.shapeText) has the "
          + "size \(size)", attribute: "sizes")
    }
    for piece in pieces {
      var type = x
      type.shape[place] = piece
      inference.output(type)
    }
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, size) = (call.view(), call.view().type.element.byteCount)
    let whole = AxisBlocks(x.shape, around: axis)
    var place = 0
    for y in call.outputs {
      let part = AxisBlocks(y.shape, around: axis)
      StridedCopy(elementSize: size, from: whole, to: part, count: part.size)
        .run(on: call, from: x.base + place * whole.inner * size, to: y.base)
      place += part.size
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let whole = AxisBlocks(call.view().shape, around: axis)
    var place = 0
    for index in 0..<call.outputs.count {
      let part = AxisBlocks(call.outputs[index].shape, around: axis)
      StridedCopy(elementSize: MemoryLayout<Scalar>.stride, from: part, to: whole, count: part.size)
        .run(on: call, from: call.outputGradient(index, as: Scalar.self), to: gx + place * whole.inner)
      place += part.size
    }
  }
}
