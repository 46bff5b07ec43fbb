import Kernels
import LayerKit

/// The operator `slice`.
struct Slice: DifferentiableLayer {
  static let examples = [
    Example("\"axis\": 1, \"start\": 1, \"stop\": 6, \"step\": 2", .floats([2, 7])),
    Example("\"axis\": -1, \"start\": -3", .floats([2, 5])),
    Example("\"axis\": 0, \"stop\": -1", .floats([4, 2])),
    Example("\"axis\": 0, \"start\": -99, \"stop\": 99", .integers([4, 2], below: 5)),
  ]
  static let schema = Schema(
    "slice", "Takes every `step`th place of an axis, from `start` to before `stop`, as Python does.",
    formula: "y = x[start:stop:step]",
    attributes: [
      .axis("The axis."),
      .integer("start", default: 0, "The first place; negative: from the end."),
      .integer(
        "stop", optional: true, "The place before which to stop; negative: from the end. Without it: the end."
      ),
      .integer("step", atLeast: 1, default: 1, "The distance of two places."),
    ])

  private let axis: Int
  private let start: Int
  private let stop: Int?
  private let step: Int

  init(_ attributes: Attributes) {
    axis = attributes.integer("axis")
    // A bound beyond all sizes is none; a bound that can be added to a size does not overflow.
    let limit = Int.max / 4
    start = attributes.integer("start") <= -limit ? 0 : min(attributes.integer("start"), limit)
    stop = attributes.optionalInteger("stop").flatMap { $0 >= limit ? nil : max($0, -limit) }
    step = min(attributes.integer("step"), limit)
  }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    var type = inference.input()
    let place = try inference.axis(axis, of: type)
    let length = extent(type.shape[place]).dividedUp(by: step)
    if let number = length.number, number < 1 {
      let range = "\(start):\(stop.map(String.init) ?? "")"
      throw LayerFault(
        "\(range) of axis \(axis) of \(type.shapeText) is empty", attribute: stop == nil ? "start" : "stop")
    }
    type.shape[place] = length
    inference.output(type)
  }

  /// How many places lie from the start to the stop on an axis of `size`.
  ///
  /// Slices that are equally long for every size get equal expressions: `x[1:]` and `x[:-1]` have `n - 1`.
  private func extent(_ size: Dimension) -> Dimension {
    guard let stop else { return start < 0 ? upTo(size, -start) : rest(size, start) }
    if start == 0 { return stop < 0 ? rest(size, -stop) : upTo(size, stop) }
    if (start < 0) == (stop < 0), start >= stop { return 0 }
    let first = start < 0 ? rest(size, -start) : upTo(size, start)
    let end = stop < 0 ? rest(size, -stop) : upTo(size, stop)
    return (end - first).atLeast(0)
  }

  /// The smaller of the size and `bound`; a size is 1 at least.
  private func upTo(_ size: Dimension, _ bound: Int) -> Dimension {
    bound < 2 ? Dimension(bound) : size.atMost(bound)
  }

  /// What is left of the size without `taken` places; a size is 1 at least.
  private func rest(_ size: Dimension, _ taken: Int) -> Dimension {
    taken < 2 ? size - Dimension(taken) : (size - Dimension(taken)).atLeast(0)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y, size) = (call.view(), call.outputs[0], call.outputs[0].type.element.byteCount)
    let (whole, part) = (AxisBlocks(x.shape, around: axis), AxisBlocks(y.shape, around: axis))
    StridedCopy(elementSize: size, from: whole, to: part, count: part.size, sourceStep: step)
      .run(on: call, from: x.base + first(whole.size) * whole.inner * size, to: y.base)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let whole = AxisBlocks(call.view().shape, around: axis)
    let part = AxisBlocks(call.outputs[0].shape, around: axis)
    if part.size != whole.size {
      call.parallel(call.view().count) { start, count in Kernel.fill(value: 0, y: gx + start, count: count) }
    }
    StridedCopy(
      elementSize: MemoryLayout<Scalar>.stride, from: part, to: whole, count: part.size, destinationStep: step
    ).run(
      on: call, from: call.outputGradient(0, as: Scalar.self), to: gx + first(whole.size) * whole.inner)
  }

  /// The first place on an axis of `size`.
  private func first(_ size: Int) -> Int { start < 0 ? max(0, start + size) : min(start, size) }
}
