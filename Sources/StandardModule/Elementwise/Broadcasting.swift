import Kernels
import LayerKit

/// How a tensor is walked together with up to three operands that are broadcast to it.
///
/// Neighbouring axes along which the same operands are repeated count as one, so that most walks have one or
/// two axes. Made at every call, from concrete shapes of at most 8 axes, without an allocation.
struct BroadcastWalk {
  /// An operand's distance of neighbours along each axis; 0 where it is repeated.
  typealias Strides = InlineArray<8, Int>

  /// The number of axes; the innermost is axis 0.
  private(set) var rank = 0
  private(set) var sizes = Strides(repeating: 1)
  private(set) var a = Strides(repeating: 0)
  private(set) var b = Strides(repeating: 0)
  private(set) var c = Strides(repeating: 0)

  init(_ shape: [Int], _ shapeA: [Int], _ shapeB: [Int]? = nil, _ shapeC: [Int]? = nil) {
    var (nextA, nextB, nextC) = (1, 1, 1)
    for back in 1..<(shape.count + 1) {
      let size = shape[shape.count - back]
      if size == 1 { continue }
      let hasA = isSpread(shapeA, back)
      let hasB = shapeB.map { isSpread($0, back) } ?? false
      let hasC = shapeC.map { isSpread($0, back) } ?? false
      let inner = rank - 1
      if rank > 0, (a[inner] != 0) == hasA, (b[inner] != 0) == hasB, (c[inner] != 0) == hasC {
        sizes[inner] *= size
      } else {
        sizes[rank] = size
        a[rank] = hasA ? nextA : 0
        b[rank] = hasB ? nextB : 0
        c[rank] = hasC ? nextC : 0
        rank += 1
      }
      if hasA { nextA *= size }
      if hasB { nextB *= size }
      if hasC { nextC *= size }
    }
  }

  /// The number of elements along the innermost axis.
  var rowLength: Int { sizes[0] }

  /// The number of rows that all the other axes make.
  var rows: Int {
    var product = 1
    for axis in 1..<max(1, rank) { product *= sizes[axis] }
    return product
  }

  /// A run of rows along axis 1, and where each operand stands at the first of them.
  struct Run {
    var row: Int
    var rows: Int
    var a: Int
    var b: Int
    var c: Int
  }

  /// Calls `body` with runs that cover `count` rows from `start` on, in order.
  func forEachRun(_ start: Int, _ count: Int, _ body: (Run) -> Void) {
    var row = start
    while row < start + count {
      let first = row % sizes[1]
      var rest = row / sizes[1]
      var run = Run(
        row: row, rows: min(sizes[1] - first, start + count - row), a: first * a[1], b: first * b[1],
        c: first * c[1])
      for axis in 2..<max(2, rank) {
        let place = rest % sizes[axis]
        rest /= sizes[axis]
        run.a += place * a[axis]
        run.b += place * b[axis]
        run.c += place * c[axis]
      }
      body(run)
      row += run.rows
    }
  }
}

extension BroadcastWalk {
  /// Rows of consecutive elements, and where each operand stands at the first of them.
  struct Block {
    var start: Int
    var rows: Int
    var count: Int
    var a: Int
    var b: Int
    var c: Int
  }

  /// Calls `body` with blocks that cover the whole tensor, on any thread.
  ///
  /// Within a block, `a[1]` is the distance of two rows of an operand and `a[0]` that of two elements.
  func forEachBlock(on call: Call, _ body: (Block) -> Void) {
    let length = rowLength
    if rank <= 1 {
      call.parallel(length) { start, count in
        body(
          Block(start: start, rows: 1, count: count, a: start * a[0], b: start * b[0], c: start * c[0]))
      }
      return
    }
    call.parallel(rows, cost: length) { start, count in
      forEachRun(start, count) { run in
        body(
          Block(start: run.row * length, rows: run.rows, count: length, a: run.a, b: run.b, c: run.c))
      }
    }
  }
}

/// Whether the shape has more than one element along the axis that is `back` axes before its end.
private func isSpread(_ shape: [Int], _ back: Int) -> Bool {
  back <= shape.count && shape[shape.count - back] != 1
}

/// Operands of a stretch of consecutive elements; a stride is 0 or 1.
struct BroadcastSpan<Scalar: FloatScalar> {
  var a: UnsafePointer<Scalar>
  var aStride: Int
  var b: UnsafePointer<Scalar>
  var bStride: Int
  /// The place of the first element in the tensor that is walked.
  var start: Int
  var count: Int
}

extension BroadcastWalk {
  /// Calls `body` with spans that cover the whole tensor, on any thread; `cost` as for `Call.parallel`.
  func forEachSpan<Scalar: FloatScalar>(
    on call: Call, cost: Int = 1, _ left: UnsafePointer<Scalar>, _ right: UnsafePointer<Scalar>,
    _ body: (BroadcastSpan<Scalar>) -> Void
  ) {
    let length = rowLength
    if rank <= 1 {
      call.parallel(length, cost: cost) { start, count in
        body(
          BroadcastSpan(
            a: left + start * a[0], aStride: a[0], b: right + start * b[0], bStride: b[0], start: start,
            count: count))
      }
      return
    }
    call.parallel(rows, cost: max(1, length * cost)) { start, count in
      if length * 4 <= Tile.count {
        forEachTile(left, right, start, count, body)
        return
      }
      forEachRun(start, count) { run in
        for row in 0..<run.rows {
          body(
            BroadcastSpan(
              a: left + run.a + row * a[1], aStride: a[0], b: right + run.b + row * b[1], bStride: b[0],
              start: (run.row + row) * length, count: length))
        }
      }
    }
  }

  /// The same for short rows: several at a time, their operands laid out in a tile, because a call of a
  /// kernel costs as much as dozens of elements.
  private func forEachTile<Scalar: FloatScalar>(
    _ left: UnsafePointer<Scalar>, _ right: UnsafePointer<Scalar>, _ start: Int, _ count: Int,
    _ body: (BroadcastSpan<Scalar>) -> Void
  ) {
    let length = rowLength
    let step = Tile.count / length
    Tile.with(Scalar.self) { tileA in
      Tile.with(Scalar.self) { tileB in
        forEachRun(start, count) { run in
          for row in stride(from: 0, to: run.rows, by: step) {
            let rows = min(step, run.rows - row)
            let first = row == 0
            let (pointerA, strideA) = layOut(
              left + run.a + row * a[1], a[1], a[0], rows, isFirst: first, tile: tileA)
            let (pointerB, strideB) = layOut(
              right + run.b + row * b[1], b[1], b[0], rows, isFirst: first, tile: tileB)
            body(
              BroadcastSpan(
                a: pointerA, aStride: strideA, b: pointerB, bStride: strideB,
                start: (run.row + row) * length, count: rows * length))
          }
        }
      }
    }
  }

  /// The operand as one span: where it stands if it is one already, else as a copy in the tile.
  private func layOut<Scalar: FloatScalar>(
    _ source: UnsafePointer<Scalar>, _ outer: Int, _ inner: Int, _ rows: Int, isFirst: Bool,
    tile: UnsafeMutablePointer<Scalar>
  ) -> (UnsafePointer<Scalar>, Int) {
    if inner == 1 && outer == rowLength { return (source, 1) }
    if inner == 0 && outer == 0 { return (source, 0) }
    // A row that is repeated was laid out for the first, largest tile of the run.
    if outer != 0 || isFirst {
      var copy = StridedCopy(elementSize: MemoryLayout<Scalar>.stride)
      copy.append(rows, source: outer, destination: rowLength)
      copy.append(rowLength, source: inner, destination: 1)
      copy.run(from: source, to: tile)
    }
    return (UnsafePointer(tile), 1)
  }
}
