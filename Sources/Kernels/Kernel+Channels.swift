import CKernels

/// How a window moves over images whose channels stand on the last axis, `[images, height, width, channels]`.
public struct ChannelWindow: Sendable {
  fileprivate var sizes = kernel_window()

  /// `rows` and `columns` are the places of the window; `begin` is the padding before the image.
  ///
  /// Each place covers at least one element of the image.
  public init(
    channels: Int, height: Int, width: Int, rows: Int, columns: Int, kernel: (height: Int, width: Int),
    stride: (height: Int, width: Int), begin: (height: Int, width: Int)
  ) {
    sizes.channels = channels
    sizes.height = height
    sizes.width = width
    sizes.rows = rows
    sizes.columns = columns
    sizes.kernel_height = kernel.height
    sizes.kernel_width = kernel.width
    sizes.stride_height = stride.height
    sizes.stride_width = stride.width
    sizes.begin_height = begin.height
    sizes.begin_width = begin.width
  }

  /// The most elements that a window of `channelMaxPool` may have: their numbers are kept in bytes.
  public static let mostTaps = 256
}

/// Tensors whose channels stand on the last axis.
extension Kernel {
  /// The mean of each channel of `x [rows, channels]`, and the sum of the squared distances from it.
  public static func channelMoments<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, rows: Int, channels: Int, mean: UnsafeMutablePointer<Scalar>,
    squares: UnsafeMutablePointer<Scalar>
  ) {
    kernel_channel_moments(Scalar.kernelType, x, rows, channels, mean, squares)
  }

  /// Computes `y = (x - mean) factor + shift + other`, of which `rectifies` leaves what is positive.
  ///
  /// `y` may be `x` or `other`.
  public static func channelNormalize<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, other: UnsafePointer<Scalar>?, mean: UnsafePointer<Scalar>,
    factor: UnsafePointer<Scalar>, shift: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>, rows: Int,
    channels: Int, rectifies: Bool
  ) {
    kernel_channel_normalize(
      Scalar.kernelType, x, other, mean, factor, shift, y, rows, channels, rectifies)
  }

  /// Computes `sums = sum(gz)` and `moments = sum(gz (x - mean))` over the rows, and keeps `gz` if asked for.
  ///
  /// `gz` is `gy`; with `y`, it is 0 where `y` is not positive. It may take the place of `gy`.
  public static func channelGradientSums<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gz: UnsafeMutablePointer<Scalar>?, mean: UnsafePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>,
    moments: UnsafeMutablePointer<Scalar>, rows: Int, channels: Int
  ) {
    kernel_channel_gradient_sums(Scalar.kernelType, x, y, gy, gz, mean, sums, moments, rows, channels)
  }

  /// Computes `gx = factor (gy - level - (x - mean) slope)`; `gx` may be `gy` or `x`.
  public static func channelGradient<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, gy: UnsafePointer<Scalar>, mean: UnsafePointer<Scalar>,
    factor: UnsafePointer<Scalar>, level: UnsafePointer<Scalar>, slope: UnsafePointer<Scalar>,
    gx: UnsafeMutablePointer<Scalar>, rows: Int, channels: Int
  ) {
    kernel_channel_gradient(Scalar.kernelType, x, gy, mean, factor, level, slope, gx, rows, channels)
  }

  /// The maximum under each place of rows `rows` of all images, and which tap of the window it was.
  ///
  /// Of equals the first counts; what is not a number is passed on, with the first tap. `rectifies` leaves of
  /// the maximum what is positive. The window has at most `ChannelWindow.mostTaps` taps.
  public static func channelMaxPool<Scalar: FloatScalar>(
    _ window: ChannelWindow, x: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>,
    taps: UnsafeMutablePointer<UInt8>?, rows: Range<Int>, rectifies: Bool
  ) {
    withUnsafePointer(to: window.sizes) {
      kernel_channel_max_pool(
        Scalar.kernelType, $0, x, y, taps, rows.lowerBound, rows.count, rectifies)
    }
  }

  /// The gradient of `channelMaxPool` of some images; with `y`, 0 where that is not positive.
  public static func channelMaxPoolGradient<Scalar: FloatScalar>(
    _ window: ChannelWindow, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    taps: UnsafePointer<UInt8>, gx: UnsafeMutablePointer<Scalar>, images: Range<Int>
  ) {
    withUnsafePointer(to: window.sizes) {
      kernel_channel_max_pool_gradient(
        Scalar.kernelType, $0, y, gy, taps, gx, images.lowerBound, images.count)
    }
  }

  /// The mean of what the window covers under each place of rows `rows` of all images.
  public static func channelAveragePool<Scalar: FloatScalar>(
    _ window: ChannelWindow, x: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>, rows: Range<Int>
  ) {
    withUnsafePointer(to: window.sizes) {
      kernel_channel_average_pool(Scalar.kernelType, $0, x, y, rows.lowerBound, rows.count)
    }
  }

  /// The gradient of `channelAveragePool` of some images.
  public static func channelAveragePoolGradient<Scalar: FloatScalar>(
    _ window: ChannelWindow, gy: UnsafePointer<Scalar>, gx: UnsafeMutablePointer<Scalar>, images: Range<Int>
  ) {
    withUnsafePointer(to: window.sizes) {
      kernel_channel_average_pool_gradient(Scalar.kernelType, $0, gy, gx, images.lowerBound, images.count)
    }
  }
}
