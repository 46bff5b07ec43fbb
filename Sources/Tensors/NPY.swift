import Diagnostics

/// Reads and writes NumPy's NPY format, versions 1 to 3.
public enum NPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let types: [(descr: String, type: StoredType)] = [
    ("<f4", .float32), ("<f8", .float64), ("<f2", .float16), ("<i4", .int32), ("<i8", .int64),
    ("<i2", .int16), ("|i1", .int8), ("|u1", .uint8), ("<u2", .uint16), ("<u4", .uint32), ("<u8", .uint64),
    ("|b1", .bool),
  ]

  /// Whether the bytes begin as an NPY file does.
  public static func recognizes(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The tensor of an NPY file, row-major: int32 for every integer type, float32 for float16.
  ///
  /// Throws a fault that names what is wrong and where: head, `descr`, `shape`, size, or an integer that does
  /// not fit int32.
  public static func read(_ bytes: [UInt8], file: String? = nil) throws -> Tensor {
    let range = try headerRange(bytes, file: file)
    let header = try NPYHeader(bytes[range], file: file)
    guard let type = types.first(where: { $0.descr == header.descr })?.type else {
      let accepted = types.map { "'\($0.descr)'" }.joined(separator: ", ")
      throw Fault(
        file: file, "the element type '\(header.descr.excerpt())' cannot be read; \(accepted) are accepted")
    }
    let shape = header.isColumnMajor ? Array(header.shape.reversed()) : header.shape
    let tensor = try bytes.withUnsafeBytes {
      try Tensors.tensor(
        of: $0, from: range.upperBound, type: type, bigEndian: false, shape: shape, file: file)
    }
    return header.isColumnMajor ? tensor.withReversedAxes() : tensor
  }

  /// The bytes of an NPY file, version 1.
  public static func bytes(of tensor: Tensor) -> [UInt8] {
    let descr =
      switch tensor.elementType {
      case .float32: "<f4"
      case .float64: "<f8"
      case .int32: "<i4"
      case .bool: "|b1"
      }
    let sizes = tensor.shape.map(String.init).joined(separator: ", ") + (tensor.shape.count == 1 ? "," : "")
    var header = Array("{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    // Version 1 counts the header in 16 bits, which a shape of thousands of sizes overflows.
    let lengthBytes = header.count < 65_000 ? 2 : 4
    let before = magic.count + 2 + lengthBytes
    while (before + header.count + 1) % 64 != 0 { header.append(UInt8(ascii: " ")) }
    header.append(UInt8(ascii: "\n"))
    var bytes = magic + [lengthBytes == 2 ? 1 : 2, 0]
    for place in 0..<lengthBytes { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * place))) }
    bytes += header
    tensor.withBytes { bytes.append(contentsOf: $0) }
    return bytes
  }

  private static func headerRange(_ bytes: [UInt8], file: String?) throws -> Range<Int> {
    guard recognizes(bytes) else {
      throw Fault(file: file, "is no NPY file: it does not begin with the byte 93 and the letters NUMPY")
    }
    guard bytes.count >= 8 else {
      throw Fault(file: file, "is cut short: the NPY version stands at bytes 6 and 7")
    }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw Fault(
        file: file,
        "byte 6: the NPY version \(bytes[6]).\(bytes[7]) is unknown; 1.0, 2.0 and 3.0 are accepted")
    }
    let start = bytes[6] == 1 ? 10 : 12
    guard bytes.count >= start else {
      throw Fault(file: file, "is cut short: the length of the NPY header ends at byte \(start)")
    }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else {
      throw Fault(
        file: file,
        "is cut short: the NPY header ends at byte \(start + length), the file at byte \(bytes.count)")
    }
    return start..<(start + length)
  }
}

extension Tensor {
  /// The transposed tensor, all axes reversed.
  fileprivate func withReversedAxes() -> Tensor {
    let target = Array(shape.reversed())
    let elements: Elements =
      switch elements {
      case .float32(let values): .float32(reversingAxes(values, to: target))
      case .float64(let values): .float64(reversingAxes(values, to: target))
      case .int32(let values): .int32(reversingAxes(values, to: target))
      case .bool(let values): .bool(reversingAxes(values, to: target))
      }
    return Tensor(shape: target, elements: elements)
  }
}

/// The values of a column-major array of `shape` in row-major order.
private func reversingAxes<Value>(_ values: [Value], to shape: [Int]) -> [Value] {
  var strides: [Int] = []
  var step = 1
  for size in shape {
    strides.append(step)
    step *= max(size, 1)
  }
  var place = [Int](repeating: 0, count: shape.count)
  var offset = 0
  var result: [Value] = []
  result.reserveCapacity(values.count)
  for _ in values.indices {
    result.append(values[offset])
    var axis = shape.count - 1
    while axis >= 0 {
      place[axis] += 1
      offset += strides[axis]
      if place[axis] < shape[axis] { break }
      offset -= strides[axis] * shape[axis]
      place[axis] = 0
      axis -= 1
    }
  }
  return result
}
