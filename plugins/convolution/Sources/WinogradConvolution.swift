import Kernels
import LayerKit

/// A convolution that is computed by Winograd's transform.
struct WinogradConvolution {
  private let geometry: ConvolutionGeometry
  private let toMap: WinogradTiles
  private let toImage: WinogradTiles

  /// The sums of more weights than that would take much memory, and have less to gain.
  private static let mostWeights = 1 << 14
  /// The weights are transformed in every call, which takes about as long as two tiles.
  private static let leastTiles = 4

  /// Nil where the windows are others than 3 x 3 at every place, or where the transform gains nothing.
  init?(_ geometry: ConvolutionGeometry) {
    let (image, map) = (geometry.image, geometry.map)
    let one = Extent(1, 1)
    guard geometry.hasChannelsLast, geometry.kernel == Extent(3, 3), geometry.stride == one,
      geometry.dilation == one, geometry.groups == 1, geometry.begin.height <= 2, geometry.begin.width <= 2,
      geometry.imageChannels % 16 == 0, geometry.mapChannels % 16 == 0,
      saturatingProduct(geometry.imageChannels, geometry.mapChannels) <= Self.mostWeights
    else { return nil }
    for extent in [image, map] {
      let tiles = saturatingProduct((extent.height + 3) / 4, (extent.width + 3) / 4)
      guard saturatingProduct(tiles, 16) <= saturatingProduct(2, extent.area),
        saturatingProduct(tiles, geometry.images) >= Self.leastTiles
      else { return nil }
    }
    self.geometry = geometry
    toMap = WinogradTiles(
      height: image.height, width: image.width, channels: geometry.imageChannels, rows: map.height,
      columns: map.width, filters: geometry.mapChannels, begin: (geometry.begin.height, geometry.begin.width))
    toImage = WinogradTiles(
      height: map.height, width: map.width, channels: geometry.mapChannels, rows: image.height,
      columns: image.width, filters: geometry.imageChannels,
      begin: (2 - geometry.begin.height, 2 - geometry.begin.width))
  }

  /// The numbers that transformed weights have, and the scratch of a slice.
  var pointCount: Int { toMap.pointCount }
  var scratchCount: Int { max(toMap.scratchCount(gradient: true), toImage.scratchCount(gradient: false)) }

  /// Transforms the weights for a result that is not the weights.
  func arrange(
    _ call: Call, _ weights: UnsafePointer<Float>, for result: ConvolutionResult,
    in points: UnsafeMutablePointer<Float>
  ) {
    let (tiles, isTurned) = result == .map ? (toMap, false) : (toImage, true)
    let (from, to) =
      isTurned
      ? (geometry.mapChannels, geometry.imageChannels) : (geometry.imageChannels, geometry.mapChannels)
    call.parallel(from, cost: saturatingProduct(32, to)) { start, count in
      tiles.transform(weights: weights, turned: isTurned, channels: start..<start + count, points: points)
    }
  }

  /// Computes a result for so many images from pointers to the first; `weights` are transformed, or the result.
  func run(
    _ result: ConvolutionResult, images: Int, image: UnsafeMutablePointer<Float>,
    map: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    switch result {
    case .map: toMap.convolve(x: image, points: weights, y: map, images: images, scratch: scratch)
    case .image: toImage.convolve(x: map, points: weights, y: image, images: images, scratch: scratch)
    case .weights:
      toMap.weightGradient(x: image, gy: map, gradient: weights, images: images, scratch: scratch)
    }
  }
}
