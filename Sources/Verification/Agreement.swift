import Tensors

/// When a number that was found counts as the one that was expected.
///
/// Two floats agree where they differ by at most `tolerance * (s + |expected|) + 1e-5`, s the largest
/// |expected| of the tensor, at most 1. What is not finite must be the same; integers must be equal.
public struct Agreement: Hashable, Sendable {
  /// What every comparison allows besides the tolerance.
  public static let leastAllowance = 1e-5

  public var tolerance: Double

  public init(tolerance: Double) { self.tolerance = tolerance }

  /// The difference that is allowed at one expected number, in a tensor of the given scale.
  public func allowance(expected: Double, scale: Double) -> Double {
    tolerance * (scale + expected.magnitude) + Agreement.leastAllowance
  }

  /// The element that comes nearest to its allowance, or is furthest beyond it; nil for no elements.
  ///
  /// The tensors have one type and one shape.
  public func worst(found: Tensor, expected: Tensor) -> ElementDifference? {
    precondition(
      found.shape == expected.shape && found.elementType == expected.elementType,
      "\(found.elementType) \(found.shape) is compared with \(expected.elementType) \(expected.shape)")
    let (left, right) = (found.doubles, expected.doubles)
    let scale = min(1, right.reduce(0) { $1.isNaN ? $0 : max($0, $1.magnitude) })
    var worst: ElementDifference?
    for index in left.indices {
      let allowed = expected.elementType.isFloat ? allowance(expected: right[index], scale: scale) : 0
      let one = ElementDifference(index: index, found: left[index], expected: right[index], allowed: allowed)
      if worst.map({ $0.share < one.share }) ?? true { worst = one }
    }
    return worst
  }
}

/// One element of two tensors that were compared.
public struct ElementDifference: Hashable, Sendable {
  /// The place in row-major order.
  public let index: Int
  public let found: Double
  public let expected: Double
  public let allowed: Double

  /// |found - expected|; 0 for equal infinities and for two that are no numbers, else infinite where one of
  /// them is not finite.
  public var difference: Double {
    if found == expected || (found.isNaN && expected.isNaN) { return 0 }
    guard found.isFinite, expected.isFinite else { return .infinity }
    return (found - expected).magnitude
  }

  /// Whether the two count as one number.
  public var agrees: Bool { difference == 0 || (difference.isFinite && difference <= allowed) }

  /// The difference as a share of what is allowed.
  var share: Double {
    if difference == 0 { return 0 }
    return difference.isFinite && allowed > 0 ? difference / allowed : .infinity
  }
}

/// The indices along the axes of an element by its place in row-major order: `[2, 3]`.
public func coordinates(of index: Int, in shape: [Int]) -> [Int] {
  var rest = index
  var result: [Int] = []
  for size in shape.reversed() {
    result.append(rest % max(1, size))
    rest /= max(1, size)
  }
  return result.reversed()
}
