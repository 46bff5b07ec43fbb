/// The number of elements of a shape, or nil where a size is negative or the product does not fit an `Int`.
///
/// A shape with a 0 has no elements, but its other sizes must still multiply without overflow, so that
/// strides can be taken from every shape that has a count.
public func elementCount(of shape: [Int]) -> Int? {
  var product = 1
  var isEmpty = false
  for size in shape {
    guard size >= 0 else { return nil }
    if size == 0 {
      isEmpty = true
      continue
    }
    let (next, overflow) = product.multipliedReportingOverflow(by: size)
    guard !overflow else { return nil }
    product = next
  }
  return isEmpty ? 0 : product
}

/// A shape as messages print it: `[2, 3]`.
public func shapeText(_ shape: [Int]) -> String {
  "[" + shape.map(String.init).joined(separator: ", ") + "]"
}

/// The number of bytes of `shape` with elements of `byteCount` bytes, or nil where it does not fit an `Int`.
func byteCount(of shape: [Int], elementBytes: Int) -> Int? {
  guard let count = elementCount(of: shape) else { return nil }
  let (bytes, overflow) = count.multipliedReportingOverflow(by: elementBytes)
  return overflow ? nil : bytes
}
