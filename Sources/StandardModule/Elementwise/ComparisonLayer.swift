import Kernels
import LayerKit
import Tensors

/// A question about two elements.
enum Comparison: Sendable {
  case equal, greater, less, and, or
}

/// An operator that answers a question about two tensors, broadcast to one shape, with a `bool` an element.
protocol ComparisonLayer: GradientFreeLayer {
  static var comparison: Comparison { get }
  /// The types of elements that the operator compares.
  static var elements: [ElementType] { get }
}

extension ComparisonLayer {
  func infer(_ inference: inout Inference) throws {
    for index in 0..<2 {
      let found = inference.input(index).element
      guard Self.elements.contains(found) else {
        let accepted = Self.elements.map(\.rawValue).joined(separator: ", ")
        throw LayerFault("needs \(accepted), found \(found.rawValue)", input: index)
      }
    }
    try inference.sameType(0, 1)
    inference.output(.bool, try inference.broadcast(inference.input(0).shape, 1))
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    switch call.view(0).type.element {
    case .float32: call.compare(Self.comparison, as: Float.self)
    case .float64: call.compare(Self.comparison, as: Double.self)
    case .int32: call.compare(Self.comparison, as: Int32.self)
    case .bool: call.compare(Self.comparison, as: UInt8.self)
    }
  }
}

extension Call {
  fileprivate func compare<Element: Comparable & ExpressibleByIntegerLiteral>(
    _ comparison: Comparison, as: Element.Type
  ) {
    let (a, b): (UnsafePointer<Element>, UnsafePointer<Element>) = (input(0), input(1))
    let y: UnsafeMutablePointer<UInt8> = output()
    let walk = BroadcastWalk(outputs[0].shape, view(0).shape, view(1).shape)
    walk.forEachBlock(on: self) { block in
      compareRows(
        comparison, a + block.a, (walk.a[1], walk.a[0]), b + block.b, (walk.b[1], walk.b[0]),
        y + block.start, rows: block.rows, count: block.count)
    }
  }
}

/// Writes 1 where the answer is yes and 0 elsewhere; strides of a row and of an element.
@specialized(where Element == Float)
@specialized(where Element == Double)
@specialized(where Element == Int32)
@specialized(where Element == UInt8)
private func compareRows<Element: Comparable & ExpressibleByIntegerLiteral>(
  _ comparison: Comparison, _ a: UnsafePointer<Element>, _ aStrides: (Int, Int),
  _ b: UnsafePointer<Element>, _ bStrides: (Int, Int), _ y: UnsafeMutablePointer<UInt8>, rows: Int,
  count: Int
) {
  @inline(__always) func answer(_ holds: (Element, Element) -> Bool) {
    for row in 0..<rows {
      let (left, right) = (a + row * aStrides.0, b + row * bStrides.0)
      let result = y + row * count
      for i in 0..<count { result[i] = holds(left[i * aStrides.1], right[i * bStrides.1]) ? 1 : 0 }
    }
  }
  switch comparison {
  case .equal: answer { $0 == $1 }
  case .greater: answer { $0 > $1 }
  case .less: answer { $0 < $1 }
  case .and: answer { $0 != 0 && $1 != 0 }
  case .or: answer { $0 != 0 || $1 != 0 }
  }
}
