extension Safetensors {
  /// The bytes of a safetensors file with the tensors in the order given, without holes; metadata by its
  /// keys' order.
  ///
  /// The names are different, and none is `__metadata__`.
  public static func bytes(of tensors: [(String, Tensor)], metadata: [String: String] = [:]) -> [UInt8] {
    precondition(
      Set(tensors.map(\.0)).count == tensors.count && !tensors.contains { $0.0 == "__metadata__" },
      "the names of a safetensors file are different, and none is __metadata__")
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for (name, tensor) in tensors {
      let begin = end
      end += tensor.count * tensor.elementType.byteCount
      let sizes = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(name)):{\"dtype\":\"\(typeName(tensor.elementType))\",\"shape\":[\(sizes)],"
          + "\"data_offsets\":[\(begin),\(end)]}")
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += header
    for (_, tensor) in tensors { tensor.withBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  private static func typeName(_ type: ElementType) -> String {
    switch type {
    case .float32: "F32"
    case .float64: "F64"
    case .int32: "I32"
    case .bool: "BOOL"
    }
  }

  /// A text as JSON writes it.
  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        out += "\\"
        out.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default:
        out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
