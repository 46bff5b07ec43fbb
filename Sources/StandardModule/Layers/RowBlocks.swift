import Kernels
import LayerKit

/// How rows are cut where threads share a sum over them.
///
/// Each block of rows makes a partial sum for every column, and the partial sums are added in the order of
/// the blocks. The cut depends on the sizes alone, and so do the bits of the sum.
struct RowBlocks {
  let rows: Int
  let columns: Int
  let count: Int
  private let length: Int

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    // Blocks of fewer elements cost more to hand out than to add up; more than 16 only take memory.
    length = max(1, (1 << 15) / max(1, columns), (rows + 15) / 16)
    count = (rows + length - 1) / length
  }

  /// The elements of the buffer that holds the partial sums.
  var partialCount: Int { saturatingProduct(count, columns) }

  /// Calls `body` once for each block with its number, its first row and how many rows it has.
  func run(_ call: Call, _ body: (_ block: Int, _ start: Int, _ count: Int) -> Void) {
    call.parallel(count, cost: .max) { first, blocks in
      for block in first..<first + blocks {
        body(block, block * length, rowCount(block))
      }
    }
  }

  /// The rows of a block.
  func rowCount(_ block: Int) -> Int { min(length, rows - block * length) }

  /// Where a block writes its partial sum: straight into `target` where there is one block.
  func partial<Scalar: FloatScalar>(
    _ block: Int, of buffer: UnsafeMutablePointer<Scalar>, for target: UnsafeMutablePointer<Scalar>?
  ) -> UnsafeMutablePointer<Scalar>? {
    guard let target else { return nil }
    return count == 1 ? target : buffer + block * columns
  }

  /// Adds up the partial sums.
  func finish<Scalar: FloatScalar>(
    _ buffer: UnsafeMutablePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>?
  ) {
    guard let target, count > 1 else { return }
    Kernel.reduce(.sum, x: buffer, outer: 1, count: count, inner: columns, y: target, accumulate: false)
  }
}
