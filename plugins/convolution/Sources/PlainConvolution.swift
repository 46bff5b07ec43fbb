import Kernels
import LayerKit

/// A convolution as matrix products over unrolled windows, image after image, on the calling thread.
struct PlainConvolution<Scalar: FloatScalar> {
  let geometry: ConvolutionGeometry
  /// How many places of the map are unrolled at a time.
  let tile: Int
  /// Room for `windowSize * tile` numbers.
  let columns: UnsafeMutablePointer<Scalar>

  /// map = weights * windows of the image.
  func makeMaps(
    _ images: Range<Int>, image: UnsafePointer<Scalar>, map: UnsafeMutablePointer<Scalar>,
    weights: UnsafePointer<Scalar>
  ) {
    forEachTile(images) { group, imageStart, mapStart, places in
      unrollWindows(image + imageStart, geometry, places, columns)
      let weights = weights + group * weightsOfGroup
      if geometry.hasChannelsLast {
        Kernel.product(
          transposeA: true, transposeB: true, m: places.count, n: geometry.mapGroup, k: geometry.windowSize,
          a: columns, leadingA: places.count, b: weights, leadingB: geometry.windowSize, c: map + mapStart,
          leadingC: leadingMap)
      } else {
        Kernel.product(
          m: geometry.mapGroup, n: places.count, k: geometry.windowSize, a: weights,
          leadingA: geometry.windowSize, b: columns, leadingB: places.count, c: map + mapStart,
          leadingC: leadingMap)
      }
    }
  }

  /// windows of the image = weights^T * map, added up where they overlap.
  func makeImages(
    _ images: Range<Int>, image: UnsafeMutablePointer<Scalar>, map: UnsafePointer<Scalar>,
    weights: UnsafePointer<Scalar>
  ) {
    Kernel.fill(
      value: 0, y: image + images.lowerBound * geometry.imageCount,
      count: images.count * geometry.imageCount)
    forEachTile(images) { group, imageStart, mapStart, places in
      Kernel.product(
        transposeA: true, transposeB: geometry.hasChannelsLast, m: geometry.windowSize, n: places.count,
        k: geometry.mapGroup, a: weights + group * weightsOfGroup, leadingA: geometry.windowSize,
        b: map + mapStart, leadingB: leadingMap, c: columns, leadingC: places.count)
      addWindows(columns, geometry, places, image + imageStart)
    }
  }

  /// weights = map * windows^T, summed over the images.
  func makeWeights(
    _ images: Range<Int>, image: UnsafePointer<Scalar>, map: UnsafePointer<Scalar>,
    weights: UnsafeMutablePointer<Scalar>
  ) {
    Kernel.fill(value: 0, y: weights, count: geometry.weightCount)
    forEachTile(images) { group, imageStart, mapStart, places in
      unrollWindows(image + imageStart, geometry, places, columns)
      Kernel.product(
        transposeA: geometry.hasChannelsLast, transposeB: true, m: geometry.mapGroup, n: geometry.windowSize,
        k: places.count, a: map + mapStart, leadingA: leadingMap, b: columns, leadingB: places.count, beta: 1,
        c: weights + group * weightsOfGroup, leadingC: geometry.windowSize)
    }
  }

  private var weightsOfGroup: Int { geometry.mapGroup * geometry.windowSize }

  /// The distance of two rows of a map: of two channels, or with channels last of two places.
  private var leadingMap: Int { geometry.hasChannelsLast ? geometry.mapChannels : geometry.map.area }

  /// Calls `body` with a group, places of the map, and where the group begins in an image, and those places of
  /// the group in a map.
  private func forEachTile(
    _ images: Range<Int>, _ body: (_ group: Int, _ image: Int, _ map: Int, _ places: Range<Int>) -> Void
  ) {
    let area = geometry.map.area
    let placeStep = geometry.hasChannelsLast ? geometry.mapChannels : 1
    let channelStep = geometry.hasChannelsLast ? 1 : area
    for index in images {
      for group in 0..<geometry.groups {
        let image = index * geometry.imageCount + group * geometry.imageGroup * geometry.imageSteps.channel
        let map = index * geometry.mapCount + group * geometry.mapGroup * channelStep
        for start in stride(from: 0, to: area, by: tile) {
          body(group, image, map + start * placeStep, start..<min(start + tile, area))
        }
      }
    }
  }
}
