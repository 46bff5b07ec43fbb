import Kernels
import LayerKit

/// The operator `gather`.
struct Gather: DifferentiableLayer {
  static let examples = [
    Example("", .floats([5, 3]), .integers([4], below: 5)),
    Example("\"axis\": 1", .floats([2, 4]), .integers([2, 3], below: 4)),
    Example("\"axis\": -1", .integers([2, 4], below: 9), .integers([], below: 4)),
  ]
  static let schema = Schema(
    "gather", "Takes places of an axis of `data` by their indices, which stand in that axis's place.",
    formula: "y[o, j, i] = data[o, indices[j], i]",
    attributes: [.axis(default: 0, "The axis of data that the indices count.")],
    inputs: [Port("data"), Port("indices", "int32, each from 0 to below the axis's size")])

  private let axis: Int

  init(_ attributes: Attributes) { axis = attributes.integer("axis") }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    let data = inference.input(0)
    let indices = try inference.input(1, of: .int32)
    let place = try inference.axis(axis, of: data)
    inference.output(
      data.element, Array(data.shape[..<place]) + indices.shape + Array(data.shape[(place + 1)...]))
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [1]) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let blocks = AxisBlocks(call.view(0).shape, around: axis)
    try call.checkIndices(1, below: blocks.size, in: "axis \(axis) of data")
    switch call.outputs[0].type.element.byteCount {
    case 1: call.gather(UInt8.self, blocks)
    case 4: call.gather(UInt32.self, blocks)
    default: call.gather(UInt64.self, blocks)
    }
  }

  /// An index may come twice, so the places of one block are added up in order, on one thread.
  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient(0) else { return }
    let blocks = AxisBlocks(call.view(0).shape, around: axis)
    let (indices, count): (UnsafePointer<Int32>, Int) = (call.input(1), call.view(1).count)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let (from, to) = (count * blocks.inner, blocks.size * blocks.inner)
    call.parallel(blocks.outer, cost: max(1, from + to)) { start, length in
      Kernel.fill(value: 0, y: gx + start * to, count: length * to)
      for block in start..<(start + length) {
        addRows(gy + block * from, indices, gx + block * to, count: count, inner: blocks.inner)
      }
    }
  }
}

extension Call {
  /// Throws `RunFault` for the first index that is not from 0 to below `bound`.
  func checkIndices(_ input: Int, below bound: Int, in what: @autoclosure () -> String) throws {
    let (indices, count): (UnsafePointer<Int32>, Int) = (self.input(input), view(input).count)
    for row in 0..<count where indices[row] < 0 || Int(indices[row]) >= bound {
      throw RunFault(
        input: input, element: row,
        "holds the index \(indices[row]), but \(what()) accepts 0 to \(bound - 1)")
    }
  }

  /// Moves elements by their size alone.
  fileprivate func gather<Element>(_: Element.Type, _ blocks: AxisBlocks) {
    let (x, y): (UnsafePointer<Element>, UnsafeMutablePointer<Element>) = (input(0), output())
    let (indices, count): (UnsafePointer<Int32>, Int) = (input(1), view(1).count)
    for block in 0..<blocks.outer {
      let source = x + block * blocks.size * blocks.inner
      let destination = y + block * count * blocks.inner
      parallel(count, cost: max(1, blocks.inner)) { start, length in
        copyRows(
          source, indices + start, destination + start * blocks.inner, count: length, inner: blocks.inner)
      }
    }
  }
}

/// Writes row `j` of `y` from row `indices[j]` of `x`.
@specialized(where Element == UInt8)
@specialized(where Element == UInt32)
@specialized(where Element == UInt64)
private func copyRows<Element>(
  _ x: UnsafePointer<Element>, _ indices: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Element>,
  count: Int, inner: Int
) {
  if inner >= 16 {
    for j in 0..<count { (y + j * inner).update(from: x + Int(indices[j]) * inner, count: inner) }
    return
  }
  for j in 0..<count {
    let source = x + Int(indices[j]) * inner
    for i in 0..<inner { y[j * inner + i] = source[i] }
  }
}

/// Adds row `j` of `gy` to row `indices[j]` of `gx`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func addRows<Scalar: FloatScalar>(
  _ gy: UnsafePointer<Scalar>, _ indices: UnsafePointer<Int32>, _ gx: UnsafeMutablePointer<Scalar>,
  count: Int, inner: Int
) {
  if inner >= 32 {
    for j in 0..<count {
      Kernel.addScaled(alpha: 1, x: gy + j * inner, y: gx + Int(indices[j]) * inner, count: inner)
    }
    return
  }
  for j in 0..<count {
    let sum = gx + Int(indices[j]) * inner
    for i in 0..<inner { sum[i] += gy[j * inner + i] }
  }
}
