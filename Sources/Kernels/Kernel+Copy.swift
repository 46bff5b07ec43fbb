import CKernels
import Tensors

extension Kernel {
  /// Copies a block of any rank up to 8 between two layouts, whose strides count elements.
  ///
  /// A source stride of 0 repeats. Source and destination do not overlap.
  public static func copyStrided(
    elementSize: Int, rank: Int, dimensions: UnsafePointer<Int>, source: UnsafeRawPointer,
    sourceStrides: UnsafePointer<Int>, destination: UnsafeMutableRawPointer,
    destinationStrides: UnsafePointer<Int>
  ) {
    precondition(rank <= 8, "copyStrided of rank \(rank)")
    precondition([1, 4, 8].contains(elementSize), "copyStrided of elements of \(elementSize) bytes")
    kernel_copy_strided(
      elementSize, rank, dimensions, source, sourceStrides, destination, destinationStrides)
  }

  /// Converts elements: to `int32` towards zero, held within its range, NaN to 0; to `bool`, not 0.
  ///
  /// Source and destination do not overlap, unless the types are the same.
  public static func cast(
    from source: UnsafeRawPointer, _ sourceType: ElementType, to destination: UnsafeMutableRawPointer,
    _ destinationType: ElementType, count: Int
  ) {
    kernel_cast(source, number(of: sourceType), destination, number(of: destinationType), count)
  }

  private static func number(of type: ElementType) -> Int32 {
    switch type {
    case .float32: 0
    case .float64: 1
    case .int32: 2
    case .bool: 3
    }
  }
}
