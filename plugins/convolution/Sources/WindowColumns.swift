import Kernels
import LayerKit

/// A run of places of the map in one row, seen through one weight of the window.
private struct ColumnSegment {
  /// Where the run stands in the columns, and how long it is.
  let column: Int
  let count: Int
  /// The places of the run whose image element exists; the others see padding.
  let inside: Range<Int>
  /// The place of the image of the first of those, and the channel of the group.
  let image: Int
  let channel: Int
}

/// Calls `body` with the segments of every weight, for the places `tile` of the map.
private func forEachSegment(
  _ geometry: ConvolutionGeometry, _ tile: Range<Int>, _ body: (ColumnSegment) -> Void
) {
  let (kernel, stride, width) = (geometry.kernel, geometry.stride, geometry.map.width)
  var row = 0
  for channel in 0..<geometry.imageGroup {
    for y in 0..<kernel.height {
      for x in 0..<kernel.width {
        let across = x * geometry.dilation.width - geometry.begin.width
        // The columns of the map that see an element of the image.
        let first = across >= 0 ? 0 : (-across + stride.width - 1) / stride.width
        let last = across >= geometry.image.width ? -1 : (geometry.image.width - 1 - across) / stride.width
        var place = tile.lowerBound
        while place < tile.upperBound {
          let (line, left) = place.quotientAndRemainder(dividingBy: width)
          let count = min(width - left, tile.upperBound - place)
          let down = line * stride.height + y * geometry.dilation.height - geometry.begin.height
          let lower = min(max(first - left, 0), count)
          let upper =
            down < 0 || down >= geometry.image.height ? lower : max(lower, min(last + 1 - left, count))
          let start = down * geometry.image.width
          body(
            ColumnSegment(
              column: row * tile.count + place - tile.lowerBound, count: count, inside: lower..<upper,
              image: start + across + (left + lower) * stride.width, channel: channel))
          place += count
        }
        row += 1
      }
    }
  }
}

/// Writes the windows of an image's group as columns [window, places of the tile].
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func unrollWindows<Scalar: FloatScalar>(
  _ image: UnsafePointer<Scalar>, _ geometry: ConvolutionGeometry, _ tile: Range<Int>,
  _ columns: UnsafeMutablePointer<Scalar>
) {
  let (channelStep, placeStep) = geometry.imageSteps
  let stride = geometry.stride.width * placeStep
  forEachSegment(geometry, tile) { segment in
    let column = columns + segment.column
    for place in 0..<segment.inside.lowerBound { column[place] = 0 }
    if !segment.inside.isEmpty {
      let target = column + segment.inside.lowerBound
      let source = image + segment.image * placeStep + segment.channel * channelStep
      for place in 0..<segment.inside.count { target[place] = source[place * stride] }
    }
    for place in segment.inside.upperBound..<segment.count { column[place] = 0 }
  }
}

/// Adds columns [window, places of the tile] to the elements of an image's group that the windows see.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func addWindows<Scalar: FloatScalar>(
  _ columns: UnsafePointer<Scalar>, _ geometry: ConvolutionGeometry, _ tile: Range<Int>,
  _ image: UnsafeMutablePointer<Scalar>
) {
  let (channelStep, placeStep) = geometry.imageSteps
  let stride = geometry.stride.width * placeStep
  forEachSegment(geometry, tile) { segment in
    guard !segment.inside.isEmpty else { return }
    let source = columns + segment.column + segment.inside.lowerBound
    let target = image + segment.image * placeStep + segment.channel * channelStep
    for place in 0..<segment.inside.count { target[place * stride] += source[place] }
  }
}
