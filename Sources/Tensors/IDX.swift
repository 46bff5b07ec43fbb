import Diagnostics

/// Reads the IDX format of the MNIST files: a type, sizes, and big-endian elements.
public enum IDX {
  private static let types: [UInt8: StoredType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]

  /// Whether the bytes begin as an IDX file does: two zeros and a known type.
  public static func recognizes(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && types[bytes[2]] != nil
  }

  /// The tensor of an IDX file: int32 for every integer type, float32 or float64 otherwise.
  ///
  /// Throws a fault that names the byte where the file is none, cut short or too long.
  public static func read(_ bytes: [UInt8], file: String? = nil) throws -> Tensor {
    guard bytes.count >= 4 else {
      throw Fault(file: file, "is no IDX file: it holds \(bytes.count) bytes, its head alone takes 4")
    }
    guard bytes[0] == 0, bytes[1] == 0 else {
      throw Fault(
        file: file, "is no IDX file: it begins with the bytes \(hexadecimal([bytes[0], bytes[1]])), not 0000")
    }
    guard let type = types[bytes[2]] else {
      throw Fault(
        file: file,
        "byte 2: the IDX type 0x\(hexadecimal([bytes[2]])) is unknown; 0x08, 0x09, 0x0b, 0x0c, 0x0d and 0x0e "
          + "are accepted")
    }
    let rank = Int(bytes[3])
    let start = 4 + 4 * rank
    guard bytes.count >= start else {
      throw Fault(
        file: file, "is cut short: \(rank) sizes end at byte \(start), the file at byte \(bytes.count)")
    }
    let shape = (0..<rank).map { axis in
      bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
    }
    return try bytes.withUnsafeBytes {
      try tensor(of: $0, from: start, type: type, bigEndian: true, shape: shape, file: file)
    }
  }
}

/// The tensor whose elements fill `bytes` from `start` to the end.
///
/// Throws a fault where there are more or fewer bytes than the shape says, or an element cannot be held.
func tensor(
  of bytes: UnsafeRawBufferPointer, from start: Int, type: StoredType, bigEndian: Bool, shape: [Int],
  file: String?
) throws -> Tensor {
  guard let expected = byteCount(of: shape, elementBytes: type.byteCount) else {
    throw Fault(file: file, "the shape \(shapeText(shape)) has more elements than can be counted")
  }
  let found = bytes.count - start
  guard found == expected else {
    throw Fault(
      file: file,
      "holds \(found) bytes of data from byte \(start) on, but the shape \(shapeText(shape)) takes "
        + "\(expected)")
  }
  do {
    let data = UnsafeRawBufferPointer(rebasing: bytes[start...])
    return Tensor(shape: shape, elements: try type.elements(of: data, bigEndian: bigEndian))
  } catch let unreadable as UnreadableElement {
    throw Fault(
      file: file, place: "byte \(start + unreadable.index * type.byteCount)", unreadable.message)
  }
}
