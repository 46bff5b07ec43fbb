import Glibc
import Kernels
import LayerKit
import Tensors

extension Dataset.Column {
  /// Copies some rows, one behind another, to the beginning of `view`; allocates nothing.
  ///
  /// The view holds at least that many rows, in the column's type or, between float32 and float64, the
  /// other.
  public func gather(rows: UnsafeBufferPointer<Int>, into view: TensorView) {
    let type = self.rows.elementType
    let target = view.type.element
    let rowCount = self.rows.shape[0]
    let width = rowCount == 0 ? 0 : self.rows.count / rowCount
    precondition(
      view.count >= rows.count * width && (type == target || type.isFloat && target.isFloat),
      "\(rows.count) rows of \(width) \(type) do not fit \(view.count) elements of \(target)")
    let sourceBytes = width * type.byteCount
    let targetBytes = width * target.byteCount
    self.rows.withBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      var index = 0
      while index < rows.count {
        let first = rows[index]
        // Rows that follow one another in the data go over in one copy.
        var count = 1
        while index + count < rows.count, rows[index + count] == first + count { count += 1 }
        precondition(
          first >= 0 && first + count <= rowCount, "rows \(first) to \(first + count - 1) of \(rowCount)")
        let from = source + first * sourceBytes
        let to = view.base + index * targetBytes
        if type == target {
          memcpy(to, from, count * sourceBytes)
        } else {
          Kernel.cast(from: from, type, to: to, target, count: count * width)
        }
        index += count
      }
    }
  }

  /// Copies some rows to the beginning of `view`, as for a buffer of row numbers.
  public func gather(rows: ArraySlice<Int>, into view: TensorView) {
    rows.withUnsafeBufferPointer { gather(rows: $0, into: view) }
  }

  /// Copies some rows to the beginning of `view`, as for a buffer of row numbers.
  public func gather(rows: [Int], into view: TensorView) {
    rows.withUnsafeBufferPointer { gather(rows: $0, into: view) }
  }
}
