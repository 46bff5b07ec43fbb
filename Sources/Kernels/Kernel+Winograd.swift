import CKernels

/// A convolution by windows of 3 x 3 at every place, from images `[images, height, width, channels]` to maps
/// `[images, rows, columns, filters]`, with a quarter of the multiplications.
///
/// A. Lavin, S. Gray: Fast Algorithms for Convolutional Neural Networks, 2015, F(4x4, 3x3). It computes in 32
/// bits, and its rounding errors are some times those of the plain sum.
public struct WinogradTiles: Sendable {
  private var sizes = kernel_tiles()

  /// `begin` is the padding before the image. Channels and filters are multiples of 16.
  public init(
    height: Int, width: Int, channels: Int, rows: Int, columns: Int, filters: Int,
    begin: (height: Int, width: Int)
  ) {
    precondition(channels % 16 == 0 && filters % 16 == 0, "\(channels) channels, \(filters) filters")
    sizes.height = height
    sizes.width = width
    sizes.channels = channels
    sizes.rows = rows
    sizes.columns = columns
    sizes.filters = filters
    sizes.begin_height = begin.height
    sizes.begin_width = begin.width
  }

  /// The numbers that transformed weights have.
  public var pointCount: Int { kernel_winograd_points(sizes.channels, sizes.filters) }

  /// The numbers of scratch that a map takes, or the gradient of the weights.
  public func scratchCount(gradient: Bool) -> Int {
    kernel_winograd_scratch(sizes.channels, sizes.filters, gradient)
  }

  /// Transforms the weights `[filters, channels, 3, 3]` of some channels.
  ///
  /// Turned, it takes weights `[channels, filters, 3, 3]` of a convolution in the other direction, for which
  /// these images are maps: then what comes out is the gradient by its images.
  public func transform(
    weights: UnsafePointer<Float>, turned: Bool, channels: Range<Int>, points: UnsafeMutablePointer<Float>
  ) {
    kernel_winograd_weights(
      weights, points, sizes.channels, sizes.filters, turned, channels.lowerBound, channels.count)
  }

  /// Writes the maps of some images.
  public func convolve(
    x: UnsafePointer<Float>, points: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, images: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: sizes) { kernel_winograd($0, x, points, y, images, scratch) }
  }

  /// Writes the gradient of the weights `[filters, channels, 3, 3]`, summed over the images.
  public func weightGradient(
    x: UnsafePointer<Float>, gy: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>, images: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: sizes) { kernel_winograd_gradient($0, x, gy, gradient, images, scratch) }
  }
}
