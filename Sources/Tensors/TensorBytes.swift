#if _endian(big)
  #error("Tensors are copied to and from little-endian files byte by byte.")
#endif

extension Tensor {
  /// Calls `body` with the elements' bytes as they lie in memory: little-endian, one byte a bool.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch elements {
    case .float32(let values): try values.withUnsafeBytes(body)
    case .float64(let values): try values.withUnsafeBytes(body)
    case .int32(let values): try values.withUnsafeBytes(body)
    case .bool(let values): try values.withUnsafeBytes(body)
    }
  }

  /// A tensor from little-endian bytes at any alignment, or nil where their number is not that of `shape`
  /// or a bool is neither 0 nor 1.
  public init?(shape: [Int], type: ElementType, bytes: UnsafeRawBufferPointer) {
    guard let expected = byteCount(of: shape, elementBytes: type.byteCount), expected == bytes.count else {
      return nil
    }
    switch type {
    case .float32: self.init(shape: shape, copied(bytes, zero: Float(0)))
    case .float64: self.init(shape: shape, copied(bytes, zero: Double(0)))
    case .int32: self.init(shape: shape, copied(bytes, zero: Int32(0)))
    case .bool:
      guard bytes.allSatisfy({ $0 <= 1 }) else { return nil }
      self.init(shape: shape, bytes.map { $0 == 1 })
    }
  }

  /// A tensor from little-endian bytes, or nil where their number is not that of `shape` or a bool is neither
  /// 0 nor 1.
  public init?(shape: [Int], type: ElementType, bytes: [UInt8]) {
    let tensor = bytes.withUnsafeBytes { Tensor(shape: shape, type: type, bytes: $0) }
    guard let tensor else { return nil }
    self = tensor
  }
}

/// The bytes as an array of numbers; `zero` names the type.
func copied<Number: BitwiseCopyable>(_ bytes: UnsafeRawBufferPointer, zero: Number) -> [Number] {
  let count = bytes.count / MemoryLayout<Number>.size
  return [Number](unsafeUninitializedCapacity: count) { buffer, filled in
    UnsafeMutableRawBufferPointer(buffer).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: bytes[..<(count * MemoryLayout<Number>.size)]))
    filled = count
  }
}
