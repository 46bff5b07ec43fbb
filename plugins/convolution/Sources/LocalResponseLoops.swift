import Kernels
import LayerKit

/// The channels of a tensor `[samples, channels, ...]`, and which of them count for another.
struct ChannelNeighbours: Sendable {
  /// The channels of all samples.
  let planes: Int
  let channels: Int
  /// The elements of a channel of a sample.
  let inner: Int
  /// How many channels count, those that do not exist among them.
  let size: Int

  /// About what a plane takes, in elements that a simple loop passes.
  var cost: Int { saturatingProduct(inner, saturatingSum(min(size, channels), 16)) }

  /// The planes from `before` channels below to `after` above, as far as there are.
  @inline(__always)
  func around(_ plane: Int, before: Int, after: Int) -> Range<Int> {
    let channel = plane % channels
    return plane &- min(before, channel)..<plane &+ min(after, channels &- 1 &- channel) &+ 1
  }
}

/// Writes `added` and `weight` times the sum of the squares around each element of a plane.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func writeBase<Scalar: FloatScalar>(
  _ neighbours: ChannelNeighbours, plane: Int, _ x: UnsafePointer<Scalar>,
  _ base: UnsafeMutablePointer<Scalar>, weight: Scalar, added: Scalar
) {
  let (size, inner) = (neighbours.size, neighbours.inner)
  let target = base + plane &* inner
  target.update(repeating: 0, count: inner)
  for other in neighbours.around(plane, before: size / 2, after: (size &- 1) / 2) {
    let source = x + other &* inner
    for place in 0..<inner { target[place] += source[place] * source[place] }
  }
  for place in 0..<inner { target[place] = added + weight * target[place] }
}

/// With p = base^(-beta - 1) in `term`: gy becomes gy p base, and `term` becomes gy p x.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func writeTerms<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ base: UnsafePointer<Scalar>, _ gy: UnsafeMutablePointer<Scalar>,
  _ term: UnsafeMutablePointer<Scalar>, count: Int
) {
  for place in 0..<count {
    let share = gy[place] * term[place]
    gy[place] = share * base[place]
    term[place] = share * x[place]
  }
}

/// gx = gy - slope x times the sum of the terms of every channel that this one counts for.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func writeGradient<Scalar: FloatScalar>(
  _ neighbours: ChannelNeighbours, plane: Int, _ x: UnsafePointer<Scalar>, _ gy: UnsafePointer<Scalar>,
  _ term: UnsafePointer<Scalar>, _ gx: UnsafeMutablePointer<Scalar>, slope: Scalar
) {
  let (size, inner) = (neighbours.size, neighbours.inner)
  let start = plane &* inner
  let (x, gy, target) = (x + start, gy + start, gx + start)
  target.update(repeating: 0, count: inner)
  for other in neighbours.around(plane, before: (size &- 1) / 2, after: size / 2) {
    let source = term + other &* inner
    for place in 0..<inner { target[place] += source[place] }
  }
  for place in 0..<inner { target[place] = gy[place] - slope * x[place] * target[place] }
}
