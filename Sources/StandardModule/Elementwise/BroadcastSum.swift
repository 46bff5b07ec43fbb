import Kernels
import LayerKit

extension Call {
  /// Sums `x`, a tensor of the shape of output 0, over the axes along which an operand of the shape `shape`
  /// was repeated.
  ///
  /// The order of the sum depends on the shapes alone.
  func sum<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, to shape: [Int], _ y: UnsafeMutablePointer<Scalar>
  ) {
    let walk = BroadcastWalk(outputs[0].shape, shape)
    // Repeated and other axes take turns: the innermost three that fit are one reduction.
    let hasInner = walk.a[0] != 0
    let middle = hasInner ? 1 : 0
    let inner = hasInner ? walk.sizes[0] : 1
    let count = walk.sizes[middle]
    let outer = walk.sizes[middle + 1]
    if walk.rank <= middle + 2 {
      parallel(outer, cost: max(1, count * inner)) { start, length in
        Kernel.reduce(
          .sum, x: x + start * count * inner, outer: length, count: count, inner: inner,
          y: y + start * inner, accumulate: false)
      }
      return
    }
    let block = inner * count * outer
    Kernel.fill(value: 0, y: y, count: shape.reduce(1, *))
    for step in 0..<(outputs[0].count / block) {
      var rest = step
      var place = 0
      for axis in (middle + 2)..<walk.rank {
        place += rest % walk.sizes[axis] * walk.a[axis]
        rest /= walk.sizes[axis]
      }
      Kernel.reduce(
        .sum, x: x + step * block, outer: outer, count: count, inner: inner, y: y + place, accumulate: true)
    }
  }
}
