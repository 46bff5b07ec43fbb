/// A type of element that a file can hold, which may be wider or narrower than the types of a tensor.
enum StoredType: Sendable {
  case float64, float32, float16, bfloat16
  case int64, int32, int16, int8
  case uint64, uint32, uint16, uint8
  case bool

  /// How many bytes of the file one element takes.
  var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}

/// An element of a file that no tensor can hold.
struct UnreadableElement: Error {
  /// Its place in the file's order of elements.
  var index: Int
  /// What it is and what is accepted, as a message continues after naming the place.
  var message: String
}

extension StoredType {
  /// The elements of `bytes`, whose number is a multiple of `byteCount`; float16 and bfloat16 become float32,
  /// every integer becomes int32.
  ///
  /// Throws `UnreadableElement` for an integer outside int32 and for a bool that is neither 0 nor 1.
  func elements(of bytes: UnsafeRawBufferPointer, bigEndian: Bool = false) throws -> Tensor.Elements {
    switch self {
    case .float64:
      if !bigEndian { return .float64(copied(bytes, zero: Double(0))) }
      return .float64(words(bytes, UInt64.self, bigEndian).map { Double(bitPattern: $0) })
    case .float32:
      if !bigEndian { return .float32(copied(bytes, zero: Float(0))) }
      return .float32(words(bytes, UInt32.self, bigEndian).map { Float(bitPattern: $0) })
    case .float16:
      return .float32(words(bytes, UInt16.self, bigEndian).map { Float(Float16(bitPattern: $0)) })
    case .bfloat16:
      return .float32(words(bytes, UInt16.self, bigEndian).map { Float(bitPattern: UInt32($0) << 16) })
    case .int64: return .int32(try narrowed(words(bytes, Int64.self, bigEndian)))
    case .int32: return .int32(words(bytes, Int32.self, bigEndian))
    case .int16: return .int32(words(bytes, Int16.self, bigEndian).map(Int32.init))
    case .int8: return .int32(words(bytes, Int8.self, bigEndian).map(Int32.init))
    case .uint64: return .int32(try narrowed(words(bytes, UInt64.self, bigEndian)))
    case .uint32: return .int32(try narrowed(words(bytes, UInt32.self, bigEndian)))
    case .uint16: return .int32(words(bytes, UInt16.self, bigEndian).map(Int32.init))
    case .uint8: return .int32(bytes.map(Int32.init))
    case .bool:
      if let index = bytes.firstIndex(where: { $0 > 1 }) {
        throw UnreadableElement(index: index, message: "a bool is \(bytes[index]), not 0 or 1")
      }
      return .bool(bytes.map { $0 == 1 })
    }
  }
}

/// The bytes as integers of one width, at any alignment.
private func words<Word: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ bigEndian: Bool
) -> [Word] {
  let values = copied(bytes, zero: Word(0))
  return bigEndian ? values.map(\.byteSwapped) : values
}

/// The same integers as int32.
private func narrowed<Word: FixedWidthInteger>(_ values: [Word]) throws -> [Int32] {
  var result: [Int32] = []
  result.reserveCapacity(values.count)
  for (index, value) in values.enumerated() {
    guard let small = Int32(exactly: value) else {
      throw UnreadableElement(
        index: index, message: "\(value) does not fit int32 (\(Int32.min) to \(Int32.max))")
    }
    result.append(small)
  }
  return result
}
