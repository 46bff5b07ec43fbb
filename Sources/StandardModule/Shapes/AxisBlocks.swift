import LayerKit

/// A shape seen from one of its axes: `[outer, size, inner]`.
struct AxisBlocks {
  let outer: Int
  let size: Int
  let inner: Int

  /// `axis` may count from the end.
  init(_ shape: [Int], around axis: Int) {
    let place = axis < 0 ? axis + shape.count : axis
    outer = shape[..<place].reduce(1, *)
    size = shape[place]
    inner = shape[(place + 1)...].reduce(1, *)
  }
}

extension StridedCopy {
  /// A copy of `count` places along an axis, every `step`th of the source, between two tensors that differ
  /// in the size of that axis alone.
  init(
    elementSize: Int, from source: AxisBlocks, to destination: AxisBlocks, count: Int, sourceStep: Int = 1,
    destinationStep: Int = 1
  ) {
    let inner = source.inner
    self.init(elementSize: elementSize)
    append(source.outer, source: source.size * inner, destination: destination.size * inner)
    append(count, source: sourceStep * inner, destination: destinationStep * inner)
    append(inner, source: 1, destination: 1)
  }
}
