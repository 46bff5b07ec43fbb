import Kernels
import LayerKit

/// A gradient that every slice of a batch adds to: each has a sum of its own, added up in their order.
struct SliceSums<Scalar: FloatScalar> {
  private let gradient: UnsafeMutablePointer<Scalar>?
  private let sums: UnsafeMutablePointer<Scalar>
  private let slices: BatchSlices
  private let count: Int

  /// The sums of a gradient of `count` numbers; nil where nobody asks for it.
  init(
    _ gradient: UnsafeMutablePointer<Scalar>?, _ sums: UnsafeMutablePointer<Scalar>, _ slices: BatchSlices,
    _ count: Int
  ) {
    self.gradient = gradient
    self.sums = sums
    self.slices = slices
    self.count = count
  }

  /// Where a slice writes its sum; nil where nobody asks for it.
  func target(_ slice: Int) -> UnsafeMutablePointer<Scalar>? {
    guard let gradient else { return nil }
    return slices.count == 1 ? gradient : sums + slice * count
  }

  /// Adds up the sums of the slices.
  func finish(_ call: Call) {
    guard let gradient, slices.count > 1 else { return }
    call.parallel(count, cost: slices.count) { start, length in
      Kernel.map(.copy, x: sums + start, y: gradient + start, count: length)
      for slice in 1..<slices.count {
        Kernel.addScaled(alpha: 1, x: sums + slice * count + start, y: gradient + start, count: length)
      }
    }
  }
}
