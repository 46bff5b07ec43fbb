import LayerKit

/// A tensor seen from one of its axes: `[outer, count, inner]`.
struct AxisView {
  let outer: Int
  let count: Int
  let inner: Int

  /// The view of `type` along `axis`, which may count from the end and lies within the rank.
  init(_ type: ConcreteType, axis: Int) {
    let place = axis < 0 ? axis + type.shape.count : axis
    var outer = 1
    var inner = 1
    for index in 0..<place { outer *= type.shape[index] }
    for index in (place + 1)..<type.shape.count { inner *= type.shape[index] }
    self.outer = outer
    count = type.shape[place]
    self.inner = inner
  }

  /// The distance of two items of the outer axis.
  var stride: Int { count * inner }
}
