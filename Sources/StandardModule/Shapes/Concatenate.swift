import Kernels
import LayerKit

/// The operator `concatenate`.
struct Concatenate: DifferentiableLayer {
  static let examples = [
    Example("", .floats([3, 2]), .floats([3, 4])),
    Example("\"axis\": 0", .floats([1, 3]), .floats([2, 3]), .floats([1, 3])),
    Example("\"axis\": 1", .integers([2, 1, 2], below: 5), .integers([2, 2, 2], below: 5)),
  ]
  static let schema = Schema(
    "concatenate", "Joins two or more tensors of one type along an axis.",
    attributes: [.axis(default: -1, "The axis; all other sizes must be equal.")], inputs: [],
    leastInputs: 2)

  private var axis: Int

  init(_ attributes: Attributes) { axis = attributes.integer("axis") }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    var type = inference.input()
    let place = try inference.axis(axis, of: type)
    for index in 1..<inference.inputs.count {
      try inference.sameType(0, index)
      let other = inference.input(index)
      var aligned = other.shape
      if aligned.count > place { aligned[place] = inference.input().shape[place] }
      guard aligned == inference.input().shape else {
        throw LayerFault(
          "shapes \(inference.input().shapeText) and \(other.shapeText) differ in more than axis \(axis)",
          input: index)
      }
      type.shape[place] = type.shape[place] + other.shape[place]
    }
    inference.output(type)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (y, size) = (call.outputs[0], call.outputs[0].type.element.byteCount)
    let whole = AxisBlocks(y.shape, around: axis)
    var place = 0
    for index in 0..<call.inputs.count {
      let part = AxisBlocks(call.view(index).shape, around: axis)
      StridedCopy(elementSize: size, from: part, to: whole, count: part.size)
        .run(on: call, from: call.view(index).base, to: y.base + place * whole.inner * size)
      place += part.size
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let whole = AxisBlocks(call.outputs[0].shape, around: axis)
    var place = 0
    for index in 0..<call.inputs.count {
      let part = AxisBlocks(call.view(index).shape, around: axis)
      if let gradient: UnsafeMutablePointer<Scalar> = call.inputGradient(index) {
        StridedCopy(elementSize: MemoryLayout<Scalar>.stride, from: whole, to: part, count: part.size)
          .run(on: call, from: gy + place * whole.inner, to: gradient)
      }
      place += part.size
    }
  }
}

extension Concatenate: ChannelsLastLayer {
  func channelsLast(_ inputs: [ValueType]) -> (any Layer)? {
    guard axis == 1 || axis == 1 - inputs[0].rank else { return nil }
    var turned = self
    turned.axis = -1
    return turned
  }
}
