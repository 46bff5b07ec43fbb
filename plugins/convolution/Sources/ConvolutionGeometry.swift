import LayerKit

/// Two sizes of an image; of a sequence, whose height is 1, the width.
struct Extent: Hashable, Sendable {
  var height: Int
  var width: Int

  init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// From one entry (the width) or two.
  init(_ sizes: some Collection<Int>, height: Int = 1) {
    let sizes = Array(sizes)
    self.init(sizes.count > 1 ? sizes[0] : height, sizes.last ?? 1)
  }

  var area: Int { saturatingProduct(height, width) }
}

/// The sizes of one convolution.
///
/// A convolution relates an image `[images, imageChannels, height, width]` and a map
/// `[images, mapChannels, height, width]` by weights `[mapChannels, imageChannels / groups, height, width]`:
/// each place of the map is a weighted sum over a window of the image. Forward makes the map; transposed, it
/// makes the image from the map, which is also what the gradient of the image is. With channels last, image
/// and map are `[images, height, width, channels]`.
struct ConvolutionGeometry: Hashable, Sendable {
  let isTransposed: Bool
  let hasChannelsLast: Bool
  let images: Int
  let imageChannels: Int
  let mapChannels: Int
  let groups: Int
  let image: Extent
  let map: Extent
  let kernel: Extent
  let stride: Extent
  let dilation: Extent
  /// The padding before the image; what stands behind it follows from the other sizes.
  let begin: Extent

  /// The geometry of a call with those shapes, `[batch, channels, (height,) width]`, or with the channels last.
  init(_ settings: ConvolutionSettings, input: [Int], output: [Int], hasChannelsLast: Bool = false) {
    let input = hasChannelsLast ? withChannelsFirst(input) : input
    let output = hasChannelsLast ? withChannelsFirst(output) : output
    self.hasChannelsLast = hasChannelsLast
    let (imageShape, mapShape) = settings.isTransposed ? (output, input) : (input, output)
    isTransposed = settings.isTransposed
    images = input[0]
    imageChannels = imageShape[1]
    mapChannels = mapShape[1]
    groups = settings.groups
    image = Extent(imageShape.dropFirst(2))
    map = Extent(mapShape.dropFirst(2))
    kernel = Extent(settings.axes.map(\.kernel))
    stride = Extent(settings.axes.map(\.stride))
    dilation = Extent(settings.axes.map(\.dilation))
    let begins = settings.axes.enumerated().map { place, axis in
      settings.isTransposed
        ? axis.transposedPadding().begin
        : axis.padding(size: input[place + 2], count: output[place + 2]).begin
    }
    begin = Extent(begins, height: 0)
  }

  /// The channels of the image and of the map that one group has.
  var imageGroup: Int { imageChannels / groups }
  var mapGroup: Int { mapChannels / groups }
  /// The numbers of the image that one number of the map is a sum of.
  var windowSize: Int { saturatingProduct(imageGroup, kernel.area) }
  var weightCount: Int { saturatingProduct(mapChannels, windowSize) }
  /// The numbers of one image and of one map.
  var imageCount: Int { saturatingProduct(imageChannels, image.area) }
  var mapCount: Int { saturatingProduct(mapChannels, map.area) }
  /// The distances of two channels and of two places of an image.
  var imageSteps: (channel: Int, place: Int) { hasChannelsLast ? (1, imageChannels) : (image.area, 1) }
  var multiplyAdds: Int { saturatingProduct(saturatingProduct(images, mapCount), windowSize) }
}

/// The shape with the last axis as axis 1.
func withChannelsFirst(_ shape: [Int]) -> [Int] {
  [shape[0], shape[shape.count - 1]] + shape[1..<shape.count - 1]
}

/// How the images of a batch are shared out: into slices that the sizes alone decide, so that the bits of a
/// result do not depend on the number of threads.
struct BatchSlices: Hashable, Sendable {
  let images: Int
  let count: Int

  /// A slice of two million multiply-adds takes several times as long as it takes to wake a thread; more than
  /// eight slices cost memory for their sums.
  init(images: Int, multiplyAdds: Int) {
    self.images = images
    count = max(1, min(images, 8, multiplyAdds / (1 << 21)))
  }

  /// The images of a slice; the first slices have one more where the division leaves a rest.
  func range(_ slice: Int) -> Range<Int> {
    let (whole, rest) = images.quotientAndRemainder(dividingBy: count)
    let start = slice * whole + min(slice, rest)
    return start..<start + whole + (slice < rest ? 1 : 0)
  }

  /// The slices from here on have one image less than those before; `count` where all are alike.
  var firstSmall: Int { images % count == 0 ? count : images % count }

  var largest: Int { (images + count - 1) / count }
}
