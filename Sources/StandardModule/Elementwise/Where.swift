import Kernels
import LayerKit

/// The operator `where`.
struct Where: DifferentiableLayer {
  static let examples = [
    Example("", ExampleInput([3, 4], .booleans), .floats([3, 4]), .floats([3, 4])),
    Example("", ExampleInput([3, 1], .booleans), .floats([4]), .floats([])),
    Example("", ExampleInput([4], .booleans), .integers([2, 4], below: 9), .integers([2, 1], below: 9)),
  ]
  static let schema = Schema(
    "where", "Chooses between two elements by a condition, all three broadcast to one shape.",
    formula: "y = a where condition, else b", inputs: [Port("condition", "bool"), Port("a"), Port("b")])

  init(_ attributes: Attributes) {}

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    let condition = try inference.input(0, of: .bool)
    try inference.sameType(1, 2)
    var type = inference.input(1)
    type.shape = try inference.broadcast(type.shape, 2)
    type.shape = try inference.broadcast(condition.shape, type.shape)
    inference.output(type)
  }

  func workspace(_ signature: Signature) -> Workspace {
    let count = signature.outputs[0].count
    let areBothRepeated = signature.input(1).count != count && signature.input(2).count != count
    return areBothRepeated && signature.isDifferentiated
      ? Workspace(backwardScratch: [.scalars(count)]) : Workspace()
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    switch call.outputs[0].type.element.byteCount {
    case 1: call.choose(UInt8.self)
    case 4: call.choose(UInt32.self)
    default: call.choose(UInt64.self)
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let condition: UnsafePointer<UInt8> = call.input()
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let walk = BroadcastWalk(call.outputs[0].shape, call.view(0).shape)
    call.forEachBroadcastGradient(as: Scalar.self) { input, gradient in
      walk.forEachBlock(on: call) { block in
        maskRows(
          condition + block.a, (walk.a[1], walk.a[0]), keeps: input == 1, gy + block.start,
          gradient + block.start, rows: block.rows, count: block.count)
      }
    }
  }
}

extension Inference {
  /// The shape of a condition and of what it chooses under broadcasting.
  fileprivate func broadcast(_ condition: [Dimension], _ chosen: [Dimension]) throws -> [Dimension] {
    guard let common = LayerKit.broadcast(condition, chosen) else {
      throw LayerFault(
        "shapes \(condition.text) of the condition and \(chosen.text) of a and b do not broadcast", input: 0)
    }
    return common
  }
}

extension Call {
  /// Moves elements by their size alone.
  fileprivate func choose<Element>(_: Element.Type) {
    let (a, b): (UnsafePointer<Element>, UnsafePointer<Element>) = (input(1), input(2))
    let condition: UnsafePointer<UInt8> = input(0)
    let y: UnsafeMutablePointer<Element> = output()
    let walk = BroadcastWalk(outputs[0].shape, view(1).shape, view(2).shape, view(0).shape)
    walk.forEachBlock(on: self) { block in
      chooseRows(
        condition + block.c, (walk.c[1], walk.c[0]), a + block.a, (walk.a[1], walk.a[0]), b + block.b,
        (walk.b[1], walk.b[0]), y + block.start, rows: block.rows, count: block.count)
    }
  }
}

/// Writes `a` where the condition holds, else `b`; strides of a row and of an element.
@specialized(where Element == UInt8)
@specialized(where Element == UInt32)
@specialized(where Element == UInt64)
private func chooseRows<Element>(
  _ condition: UnsafePointer<UInt8>, _ strides: (Int, Int), _ a: UnsafePointer<Element>,
  _ aStrides: (Int, Int), _ b: UnsafePointer<Element>, _ bStrides: (Int, Int),
  _ y: UnsafeMutablePointer<Element>, rows: Int, count: Int
) {
  for row in 0..<rows {
    let (left, right) = (a + row * aStrides.0, b + row * bStrides.0)
    let (chosen, result) = (condition + row * strides.0, y + row * count)
    for i in 0..<count {
      // Both are read in either case: a choice between two numbers, not a branch that nobody can predict.
      let (first, second) = (left[i * aStrides.1], right[i * bStrides.1])
      result[i] = chosen[i * strides.1] != 0 ? first : second
    }
  }
}

/// Writes `gy` where the condition is `keeps`, else 0; `y` may be `gy`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func maskRows<Scalar: FloatScalar>(
  _ condition: UnsafePointer<UInt8>, _ strides: (Int, Int), keeps: Bool, _ gy: UnsafePointer<Scalar>,
  _ y: UnsafeMutablePointer<Scalar>, rows: Int, count: Int
) {
  for row in 0..<rows {
    let (chosen, start) = (condition + row * strides.0, row * count)
    for i in 0..<count {
      let gradient = gy[start + i]
      y[start + i] = (chosen[i * strides.1] != 0) == keeps ? gradient : 0
    }
  }
}
