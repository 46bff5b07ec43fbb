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
      Kernel.product(
        m: geometry.mapGroup, n: places.count, k: geometry.windowSize, a: weights + group * weightsOfGroup,
        leadingA: geometry.windowSize, b: columns, leadingB: places.count,
        c: map + mapStart + places.lowerBound, leadingC: geometry.map.area)
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
        transposeA: true, m: geometry.windowSize, n: places.count, k: geometry.mapGroup,
        a: weights + group * weightsOfGroup, leadingA: geometry.windowSize,
        b: map + mapStart + places.lowerBound, leadingB: geometry.map.area, c: columns,
        leadingC: places.count)
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
        transposeB: true, m: geometry.mapGroup, n: geometry.windowSize, k: places.count,
        a: map + mapStart + places.lowerBound, leadingA: geometry.map.area, b: columns,
        leadingB: places.count, beta: 1, c: weights + group * weightsOfGroup, leadingC: geometry.windowSize)
    }
  }

  private var weightsOfGroup: Int { geometry.mapGroup * geometry.windowSize }

  /// Calls `body` with a group, where its part of an image and of a map begins, and places of the map.
  private func forEachTile(
    _ images: Range<Int>, _ body: (_ group: Int, _ image: Int, _ map: Int, _ places: Range<Int>) -> Void
  ) {
    let area = geometry.map.area
    for index in images {
      for group in 0..<geometry.groups {
        let image = index * geometry.imageCount + group * geometry.imageGroup * geometry.image.area
        let map = index * geometry.mapCount + group * geometry.mapGroup * area
        for start in stride(from: 0, to: area, by: tile) {
          body(group, image, map, start..<min(start + tile, area))
        }
      }
    }
  }
}
