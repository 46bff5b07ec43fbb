/// JSON text on one line, given up where it becomes longer than a number of columns.
struct FlatText {
  /// How a line is spaced and its numbers are written.
  enum Style {
    /// Without white space, numbers as they are.
    case compact
    /// `[1, 2]`, `{ "a": 1 }`, numbers as they are.
    case spaced
    /// As `spaced`, with canonical numbers and raw texts as they are.
    case canonical
  }

  let style: Style
  /// Columns that are left; what would not fit is cut off.
  private(set) var columns: Int
  private(set) var bytes: [UInt8] = []

  init(_ style: Style, columns: Int = .max) {
    self.style = style
    self.columns = columns
  }

  /// Appends the value; false where the columns do not hold it, or it cannot stand on one line.
  mutating func append(_ value: JSONValue) -> Bool {
    switch value.kind {
    case .null: return append("null")
    case .boolean(let truth): return append(truth ? "true" : "false")
    case .number(let number): return append(style == .canonical ? number.canonicalText : number.text)
    case .string(let text): return appendQuoted(text)
    case .raw(let text): return appendRaw(text)
    case .array(let elements):
      guard append("[") else { return false }
      for (index, element) in elements.enumerated() {
        if index > 0, !append(style == .compact ? "," : ", ") { return false }
        guard append(element) else { return false }
      }
      return append("]")
    case .object(let members):
      let padding = style == .compact || members.isEmpty ? "" : " "
      guard append("{"), append(padding) else { return false }
      for (index, member) in members.enumerated() {
        if index > 0, !append(style == .compact ? "," : ", ") { return false }
        guard appendQuoted(member.key), append(style == .compact ? ":" : ": "), append(member.value) else {
          return false
        }
      }
      return append(padding) && append("}")
    }
  }

  mutating func append(_ text: String) -> Bool {
    for byte in text.utf8 {
      guard append(byte) else { return false }
    }
    return true
  }

  /// Appends a string with its quotes; only the quote, the backslash and control characters are escaped.
  mutating func appendQuoted(_ text: String) -> Bool {
    guard append(UInt8(ascii: "\"")) else { return false }
    for byte in text.utf8 {
      let fits =
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        case 0x00..<0x20: append("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))")
        default: append(byte)
        }
      guard fits else { return false }
    }
    return append(UInt8(ascii: "\""))
  }

  /// One column more, unless the byte continues a scalar.
  @inline(__always)
  private mutating func append(_ byte: UInt8) -> Bool {
    if byte & 0xC0 != 0x80 {
      guard columns > 0 else { return false }
      columns -= 1
    }
    bytes.append(byte)
    return true
  }

  /// A raw text keeps its white space in canonical form alone; strings keep theirs always.
  private mutating func appendRaw(_ text: String) -> Bool {
    if style == .canonical { return !text.utf8.contains(0x0A) && append(text) }
    var inString = false
    var escaped = false
    for byte in text.utf8 {
      if inString {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == UInt8(ascii: "\"") {
          inString = false
        }
      } else if byte == UInt8(ascii: "\"") {
        inString = true
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
        continue
      }
      guard append(byte) else { return false }
    }
    return true
  }
}
