import Kernels

/// The maxima of finite numbers, four places at a time; false where there are fewer, or for 64 bits.
///
/// 64 bits prove, and need no speed.
@inline(__always)
func maxInLanes<Scalar: FloatScalar>(
  _ block: WindowBlock, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
  _ places: UnsafeMutablePointer<Int32>?
) -> Bool {
  guard Scalar.self == Float.self, block.count >= 4 else { return false }
  let lanes = Lanes(
    block: block, x: UnsafeRawPointer(x).assumingMemoryBound(to: Float.self),
    y: UnsafeMutableRawPointer(y).assumingMemoryBound(to: Float.self), places: places)
  lanes.run()
  return true
}

private struct Lanes {
  let block: WindowBlock
  let x: UnsafePointer<Float>
  let y: UnsafeMutablePointer<Float>
  let places: UnsafeMutablePointer<Int32>?

  func run() {
    switch (block.rows, block.columns, block.stride) {
    case (2, 2, 2): tilesOfTwo()
    case (3, 3, 2): tilesOfThree()
    case (3, 3, 1): overlappingTiles()
    case (1, 2, 2): pairs()
    case (_, _, 1): maximaAtStrideOne()
    case (_, 2..., 2): maximaAtStrideTwo()
    default: maximaAtAnyStride()
    }
  }

  // Each with constants in place of sizes, so that the compiler unrolls the window and keeps its maximum in a
  // register; a function for each, because the compiler leaves calls in one that grows large.
  @inline(never) private func tilesOfTwo() { maxima(rows: 2, columns: 2, stride: 2) }
  @inline(never) private func tilesOfThree() { maxima(rows: 3, columns: 3, stride: 2) }
  @inline(never) private func overlappingTiles() { maxima(rows: 3, columns: 3, stride: 1) }
  @inline(never) private func pairs() { maxima(rows: 1, columns: 2, stride: 2) }
  @inline(never) private func maximaAtStrideOne() {
    maxima(rows: block.rows, columns: block.columns, stride: 1)
  }
  @inline(never) private func maximaAtStrideTwo() {
    maxima(rows: block.rows, columns: block.columns, stride: 2)
  }
  @inline(never) private func maximaAtAnyStride() {
    maxima(rows: block.rows, columns: block.columns, stride: block.stride)
  }

  @inline(__always)
  private func maxima(rows: Int, columns: Int, stride: Int) {
    let ramp = SIMD4<Int32>(0, 1, 2, 3) &* SIMD4(repeating: Int32(truncatingIfNeeded: stride))
    var next = 0
    while next < block.count {
      // The last four may overlap those before, and give what is there already.
      let place = min(next, block.count &- 4)
      let first = block.first &+ place &* stride
      var best = four(x + first, column: 0, of: columns, stride: stride)
      var offset = SIMD4<Int32>()
      for row in 0..<rows {
        for column in 0..<columns {
          let value = four(x + (first &+ row &* block.width), column: column, of: columns, stride: stride)
          let own = Int32(truncatingIfNeeded: row &* block.width &+ column)
          let isLarger = value .> best
          best.replace(with: value, where: isLarger)
          offset.replace(with: SIMD4(repeating: own), where: isLarger)
        }
      }
      UnsafeMutableRawPointer(y + place).storeBytes(of: best, as: SIMD4<Float>.self)
      if let places {
        let found = offset &+ ramp &+ SIMD4(repeating: Int32(truncatingIfNeeded: first))
        UnsafeMutableRawPointer(places + place).storeBytes(of: found, as: SIMD4<Int32>.self)
      }
      next &+= 4
    }
  }

  /// One element under each of four neighbouring windows of so many columns.
  @inline(__always)
  private func four(
    _ tile: UnsafePointer<Float>, column: Int, of columns: Int, stride: Int
  ) -> SIMD4<Float> {
    let line = UnsafeRawPointer(tile + column)
    if stride == 1 { return line.loadUnaligned(as: SIMD4<Float>.self) }
    if stride > 2 || columns == 1 {
      let element = tile + column
      return SIMD4(element[0], element[stride], element[2 &* stride], element[3 &* stride])
    }
    // Every second of eight neighbours that all lie under the windows.
    if column == 0 { return line.loadUnaligned(as: SIMD8<Float>.self).evenHalf }
    return (line - MemoryLayout<Float>.size).loadUnaligned(as: SIMD8<Float>.self).oddHalf
  }
}
