import Tensors

/// What is known of a value before the graph runs: the type of its elements and its shape.
public struct ValueType: Hashable, Sendable {
  public var element: ElementType
  public var shape: [Dimension]

  public init(_ element: ElementType, _ shape: [Dimension]) {
    self.element = element
    self.shape = shape
  }

  public var rank: Int { shape.count }

  /// The shape as messages print it: `[batch, 16]`.
  public var shapeText: String { shape.text }

  /// The number of elements.
  public var count: Dimension { shape.elementCount }
}

extension [Dimension] {
  /// The shape as messages print it: `[batch, 16]`.
  public var text: String { "[" + map(\.description).joined(separator: ", ") + "]" }

  /// The product of the sizes.
  public var elementCount: Dimension { reduce(1, *) }
}

/// The shape of two shapes under NumPy's rules of broadcasting; nil where they conflict.
///
/// Shapes are aligned at their last axes; of two sizes that differ one must be the number 1.
public func broadcast(_ a: [Dimension], _ b: [Dimension]) -> [Dimension]? {
  let rank = max(a.count, b.count)
  var result: [Dimension] = []
  for axis in 0..<rank {
    let left = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
    let right = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
    if left == right || right == 1 {
      result.append(left)
    } else if left == 1 {
      result.append(right)
    } else {
      return nil
    }
  }
  return result
}
