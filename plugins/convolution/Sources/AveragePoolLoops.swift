import Kernels

/// The mean of what a window covers of one plane, at each of its places.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func averagePool<Scalar: FloatScalar>(
  _ plane: PooledPlanes, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>
) {
  let (vertical, horizontal) = (plane.vertical, plane.horizontal)
  let (width, inside) = (horizontal.size, horizontal.inside)
  for row in 0..<vertical.count {
    let rows = vertical.covered(row)
    let y = y + row &* horizontal.count
    horizontal.forEachPlaceAtBorders { column in
      let columns = horizontal.covered(column)
      var sum: Scalar = 0
      for line in rows { for place in columns { sum += x[line &* width &+ place] } }
      y[column] = sum / Scalar(rows.count &* columns.count)
    }
    if inside.isEmpty { continue }
    let block = WindowBlock(
      first: rows.lowerBound &* width &+ horizontal.start(inside.lowerBound), width: width,
      rows: rows.count, columns: horizontal.kernel, stride: horizontal.stride, count: inside.count)
    averageOfBlock(block, x, y + inside.lowerBound)
  }
}

@inline(__always)
private func averageOfBlock<Scalar: FloatScalar>(
  _ block: WindowBlock, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>
) {
  // Constants in place of the sizes let the compiler unroll the window and keep its sum in a register.
  switch (block.rows, block.columns, block.stride) {
  case (2, 2, 2): averageOfTiles(block, x, y, rows: 2, columns: 2, stride: 2)
  case (3, 3, 2): averageOfTiles(block, x, y, rows: 3, columns: 3, stride: 2)
  case (3, 3, 1): averageOfTiles(block, x, y, rows: 3, columns: 3, stride: 1)
  case (1, 2, 2): averageOfTiles(block, x, y, rows: 1, columns: 2, stride: 2)
  case (1, 3, 2): averageOfTiles(block, x, y, rows: 1, columns: 3, stride: 2)
  case (_, _, 1): averageByTaps(block, x, y, stride: 1)
  case (_, _, 2): averageByTaps(block, x, y, stride: 2)
  default: averageByTaps(block, x, y, stride: block.stride)
  }
}

/// Place by place: every element under the window, then the next place.
@inline(__always)
private func averageOfTiles<Scalar: FloatScalar>(
  _ block: WindowBlock, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, rows: Int,
  columns: Int, stride: Int
) {
  let (source, width) = (x + block.first, block.width)
  let size = Scalar(rows &* columns)
  for place in 0..<block.count {
    let tile = source + place &* stride
    var sum: Scalar = 0
    for row in 0..<rows { for column in 0..<columns { sum += tile[row &* width &+ column] } }
    y[place] = sum / size
  }
}

/// Element by element of the window: one of them at all places, then the next element.
@inline(__always)
private func averageByTaps<Scalar: FloatScalar>(
  _ block: WindowBlock, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, stride: Int
) {
  y.update(repeating: 0, count: block.count)
  for row in 0..<block.rows {
    for column in 0..<block.columns {
      let tap = x + (block.first &+ row &* block.width &+ column)
      for place in 0..<block.count { y[place] += tap[place &* stride] }
    }
  }
  let size = Scalar(block.rows &* block.columns)
  for place in 0..<block.count { y[place] /= size }
}

/// The gradient of `averagePool` by its plane: each place gives its share to all that it covers.
///
/// The places are taken in order, so each sum has one order. `gy` is overwritten by the shares.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func averagePoolGradient<Scalar: FloatScalar>(
  _ plane: PooledPlanes, _ gy: UnsafeMutablePointer<Scalar>, _ gx: UnsafeMutablePointer<Scalar>
) {
  let (vertical, horizontal) = (plane.vertical, plane.horizontal)
  let (width, inside) = (horizontal.size, horizontal.inside)
  gx.update(repeating: 0, count: plane.inputCount)
  for row in 0..<vertical.count {
    let rows = vertical.covered(row)
    let shares = gy + row &* horizontal.count
    horizontal.forEachPlaceAtBorders { column in
      let columns = horizontal.covered(column)
      let share = shares[column] / Scalar(rows.count &* columns.count)
      for line in rows { for place in columns { gx[line &* width &+ place] += share } }
    }
    if inside.isEmpty { continue }
    let size = Scalar(rows.count &* horizontal.kernel)
    for column in inside { shares[column] /= size }
    let first = horizontal.start(inside.lowerBound)
    for line in rows {
      addShares(
        shares + inside.lowerBound, count: inside.count, kernel: horizontal.kernel, stride: horizontal.stride,
        gx + (line &* width &+ first))
    }
  }
}

/// Adds each share to `kernel` neighbours of one row; the next share begins `stride` elements further on.
@inline(__always)
private func addShares<Scalar: FloatScalar>(
  _ shares: UnsafePointer<Scalar>, count: Int, kernel: Int, stride: Int, _ gx: UnsafeMutablePointer<Scalar>
) {
  var column = 0
  if stride == 2 {
    // Pairs of neighbours leave no gaps, so the processor adds several at once.
    while column &+ 2 <= kernel {
      let target = gx + column
      for place in 0..<count {
        target[2 &* place] += shares[place]
        target[2 &* place &+ 1] += shares[place]
      }
      column &+= 2
    }
  }
  while column < kernel {
    let target = gx + column
    if stride == 1 {
      for place in 0..<count { target[place] += shares[place] }
    } else {
      for place in 0..<count { target[place &* stride] += shares[place] }
    }
    column &+= 1
  }
}
