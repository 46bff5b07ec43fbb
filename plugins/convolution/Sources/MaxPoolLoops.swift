import Kernels

/// The maxima of one plane under a window, and the place of each where it is asked for.
///
/// Of equals the first in row-major order counts. A window that holds what is not a number gives that, and
/// the place of its first element.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func maxPool<Scalar: FloatScalar>(
  _ plane: PooledPlanes, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
  _ places: UnsafeMutablePointer<Int32>?
) {
  let (vertical, horizontal) = (plane.vertical, plane.horizontal)
  let (width, inside) = (horizontal.size, horizontal.inside)
  // Most planes hold finite numbers, whose maximum is a single instruction.
  let isFinite = Kernel.allFinite(x: x, count: plane.inputCount)
  for row in 0..<vertical.count {
    let rows = vertical.covered(row)
    let (y, places) = (y + row &* horizontal.count, places.map { $0 + row &* horizontal.count })
    horizontal.forEachPlaceAtBorders { column in
      let columns = horizontal.covered(column)
      let block = WindowBlock(
        first: rows.lowerBound &* width &+ columns.lowerBound, width: width, rows: rows.count,
        columns: columns.count, stride: 1, count: 1)
      maxByTaps(block, x, y + column, places.map { $0 + column }, stride: 1)
    }
    if inside.isEmpty { continue }
    let block = WindowBlock(
      first: rows.lowerBound &* width &+ horizontal.start(inside.lowerBound), width: width,
      rows: rows.count, columns: horizontal.kernel, stride: horizontal.stride, count: inside.count)
    let (target, found) = (y + inside.lowerBound, places.map { $0 + inside.lowerBound })
    if isFinite, maxInLanes(block, x, target, found) { continue }
    switch block.stride {
    case 1: maxByTaps(block, x, target, found, stride: 1)
    case 2: maxByTaps(block, x, target, found, stride: 2)
    default: maxByTaps(block, x, target, found, stride: block.stride)
    }
  }
}

/// A window at neighbouring places of one row, inside the plane at all of them.
struct WindowBlock {
  /// The place in the plane of the first element.
  let first: Int
  /// The distance of two rows of the plane.
  let width: Int
  let rows: Int
  let columns: Int
  let stride: Int
  /// The number of places.
  let count: Int
}

/// Element by element of the window: one of them at all places, then the next element.
@inline(__always)
private func maxByTaps<Scalar: FloatScalar>(
  _ block: WindowBlock, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
  _ places: UnsafeMutablePointer<Int32>?, stride: Int
) {
  let source = x + block.first
  for place in 0..<block.count { y[place] = source[place &* stride] }
  for row in 0..<block.rows {
    for column in 0..<block.columns {
      let tap = source + (row &* block.width &+ column)
      for place in 0..<block.count {
        let value = tap[place &* stride]
        let best = value > y[place] ? value : y[place]
        y[place] = value == value ? best : value
      }
    }
  }
  if let places { placesByTaps(block, x, y, places, stride: stride) }
}

/// The place of the first element that is not below the maximum, found from the last one on.
///
/// A search of its own, because a loop that follows value and place together becomes branches, which random
/// data makes the processor mispredict.
@inline(__always)
private func placesByTaps<Scalar: FloatScalar>(
  _ block: WindowBlock, _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>,
  _ places: UnsafeMutablePointer<Int32>, stride: Int
) {
  for rowFromEnd in 1...block.rows {
    for columnFromEnd in 1...block.columns {
      let tap = block.first &+ (block.rows &- rowFromEnd) &* block.width &+ block.columns &- columnFromEnd
      let (source, start) = (x + tap, Int32(truncatingIfNeeded: tap))
      for place in 0..<block.count {
        let (own, last) = (start &+ Int32(truncatingIfNeeded: place &* stride), places[place])
        places[place] = source[place &* stride] < y[place] ? last : own
      }
    }
  }
}

/// Writes a plane of zeros, to which each of `count` numbers is added at its place.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func scatterToPlaces<Scalar: FloatScalar>(
  _ gy: UnsafePointer<Scalar>, _ places: UnsafePointer<Int32>, count: Int, _ gx: UnsafeMutablePointer<Scalar>,
  size: Int
) {
  gx.update(repeating: 0, count: size)
  for index in 0..<count { gx[Int(places[index])] += gy[index] }
}
