import Diagnostics

// Strings, numbers and literals. Each begins at `position` and leaves it behind the token.
extension Scanner {
  /// Reads a string from its opening quote on; tells whether there are escapes in it.
  mutating func scanString() throws(Faults) -> Bool {
    let opening = position
    var escaped = false
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return escaped
      } else if byte == UInt8(ascii: "\\") {
        escaped = true
        try scanEscape()
      } else if byte < 0x20 {
        throw controlCharacter(byte)
      } else if byte < 0x80 {
        position += 1
      } else {
        let length = scalarLength(at: position)
        guard length > 0 else { throw notUTF8() }
        position += length
        continuations += length - 1
      }
    }
    let begin = place(at: opening, before: position)
    throw fault(
      at: position, "expected the closing quote of the string that begins at \(begin), found \(found())")
  }

  /// How many bytes the scalar at an index takes; 0 where the bytes are not UTF-8.
  func scalarLength(at index: Int) -> Int {
    let lead = byte(at: index)
    let second = byte(at: index + 1)
    func continues(_ offset: Int) -> Bool { byte(at: index + offset) & 0xC0 == 0x80 }
    switch lead {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: return continues(1) ? 2 : 0
    case 0xE0: return (0xA0...0xBF).contains(second) && continues(2) ? 3 : 0
    // From ED A0 on stand the surrogates, which are no scalars.
    case 0xED: return (0x80...0x9F).contains(second) && continues(2) ? 3 : 0
    case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
    case 0xF0: return (0x90...0xBF).contains(second) && continues(2) && continues(3) ? 4 : 0
    case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
    case 0xF4: return (0x80...0x8F).contains(second) && continues(2) && continues(3) ? 4 : 0
    default: return 0
    }
  }

  private mutating func scanEscape() throws(Faults) {
    switch byte(at: position + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      let unit = try hexadecimalUnit(at: position)
      if (0xDC00...0xDFFF).contains(unit) { throw loneSurrogate(unit) }
      if (0xD800...0xDBFF).contains(unit) {
        guard byte(at: position + 6) == UInt8(ascii: "\\"), byte(at: position + 7) == UInt8(ascii: "u")
        else { throw loneSurrogate(unit) }
        let low = try hexadecimalUnit(at: position + 6)
        guard (0xDC00...0xDFFF).contains(low) else { throw loneSurrogate(unit) }
        position += 12
      } else {
        position += 6
      }
    default:
      position += 1
      throw fault(
        at: position,
        "expected \" \\ / b f n r t or u after the backslash of an escape, found \(found())")
    }
  }

  /// The number of the escape `\uXXXX` whose backslash stands at an index.
  private mutating func hexadecimalUnit(at index: Int) throws(Faults) -> UInt32 {
    var unit: UInt32 = 0
    for offset in 2..<6 {
      guard let digit = hexadecimalDigit(byte(at: index + offset)) else {
        position = index + offset
        throw fault(at: position, "expected four hexadecimal digits after \\u, found \(found())")
      }
      unit = unit << 4 | digit
    }
    return unit
  }

  mutating func scanNumber() throws(Faults) {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    guard isDigit(byte(at: position)) else { throw numberFault(from: start, after: "a minus sign") }
    if bytes[position] == UInt8(ascii: "0") {
      position += 1
      let next = byte(at: position)
      if isDigit(next) {
        throw fault(at: position, "found \(found(from: start)): a number has no leading zero in JSON")
      }
      if next == UInt8(ascii: "x") || next == UInt8(ascii: "X") {
        throw fault(at: position, "found \(found(from: start)): hexadecimal numbers are not JSON")
      }
    } else {
      skipDigits()
    }
    if byte(at: position) == UInt8(ascii: ".") {
      position += 1
      guard isDigit(byte(at: position)) else { throw numberFault(from: start, after: "the point") }
      skipDigits()
    }
    if byte(at: position) | 0x20 == UInt8(ascii: "e") {
      position += 1
      let sign = byte(at: position)
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      guard isDigit(byte(at: position)) else { throw numberFault(from: start, after: "the exponent's e") }
      skipDigits()
    }
  }

  private mutating func skipDigits() {
    while isDigit(byte(at: position)) { position += 1 }
  }

  mutating func scanLiteral(_ word: StaticString) throws(Faults) {
    let start = position
    for offset in 0..<word.utf8CodeUnitCount {
      guard byte(at: position) == word.utf8Start[offset] else { throw unexpectedWord(from: start) }
      position += 1
    }
  }

  /// The text of a key between its quotes, unescaped; the bytes have been checked.
  func keyText(_ range: Range<Int>, escaped: Bool) -> String {
    guard escaped else { return String(decoding: bytes[range], as: UTF8.self) }
    var out: [UInt8] = []
    out.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        out.append(bytes[index])
        index += 1
        continue
      }
      switch byte(at: index + 1) {
      case UInt8(ascii: "b"): out.append(0x08)
      case UInt8(ascii: "f"): out.append(0x0C)
      case UInt8(ascii: "n"): out.append(0x0A)
      case UInt8(ascii: "r"): out.append(0x0D)
      case UInt8(ascii: "t"): out.append(0x09)
      case UInt8(ascii: "u"):
        var scalar = unit(at: index)
        if (0xD800...0xDBFF).contains(scalar) {
          scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit(at: index + 6) & 0x3FF
          index += 6
        }
        if let scalar = Unicode.Scalar(scalar) { out.append(contentsOf: String(Character(scalar)).utf8) }
        index += 4
      default: out.append(byte(at: index + 1))
      }
      index += 2
    }
    return String(decoding: out, as: UTF8.self)
  }

  private func unit(at index: Int) -> UInt32 {
    (2..<6).reduce(0) { $0 << 4 | (hexadecimalDigit(byte(at: index + $1)) ?? 0) }
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

private func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
  if isDigit(byte) { return UInt32(byte) - 0x30 }
  let letter = byte | 0x20
  return (0x61...0x66).contains(letter) ? UInt32(letter) - 0x61 + 10 : nil
}
