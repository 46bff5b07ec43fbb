import Diagnostics

// What the one fault of a text that is not JSON says.
extension Scanner {
  func fault(at index: Int, _ message: String, nearest: String? = nil) -> Faults {
    Faults(Fault(text: place(at: index), message, nearest: nearest))
  }

  /// The place of an earlier byte of the current line: what continues a scalar in between does not count.
  func place(at index: Int, before now: Int) -> TextPlace {
    let between = bytes[index..<now].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 1 : 0) }
    return TextPlace(line: line, column: index - lineStart - (continuations - between) + 1)
  }

  /// The byte at `position` is none that the grammar accepts there.
  func unexpected() -> Faults {
    let first = byte(at: position)
    let comma = expected == .key || (expected == .value && frames.last.map { !$0.isObject } ?? false)
    if position < bytes.count, expected == .value || expected == .valueOrEnd, isWordByte(first) {
      return unexpectedWord(from: position)
    }
    var message = "expected \(wanted), found \(found())"
    if position >= bytes.count {
      if let frame = frames.last {
        let node = skeleton.nodes[frame.node]
        let name = frame.isObject ? "object" : "array"
        message += ": the \(name) that begins at \(node.line):\(node.column) is not closed"
      }
    } else if comma, first == UInt8(ascii: "]") || first == UInt8(ascii: "}") {
      message += ": a trailing comma is not JSON"
    } else if let hint = hint(for: first) {
      message += ": \(hint)"
    }
    return fault(at: position, message)
  }

  private var wanted: String {
    switch expected {
    case .value: "a value"
    case .valueOrEnd: "a value or \"]\""
    case .key: "a key in double quotes"
    case .keyOrEnd: "a key in double quotes or \"}\""
    case .colon: "\":\" after the key"
    case .commaOrEnd: frames.last?.isObject == true ? "\",\" or \"}\"" : "\",\" or \"]\""
    case .end: "the end of the text"
    }
  }

  private func hint(for first: UInt8) -> String? {
    switch first {
    case UInt8(ascii: "/"), UInt8(ascii: "#"): return "comments are not JSON"
    case UInt8(ascii: "'"): return "single quotes are not JSON"
    case 0x00...0x1F, 0x7F:
      return "only space, tab, line feed and carriage return may stand between values"
    default: break
    }
    guard first >= 0x80, let scalar = scalar(at: position) else { return nil }
    if (0x2018...0x201F).contains(scalar.value) { return "strings stand in plain double quotes in JSON" }
    if scalar.properties.isWhitespace || scalar.value == 0xFEFF {
      return "only space, tab, line feed and carriage return may stand between values"
    }
    return nil
  }

  /// A word where a value should stand: `position` is the first byte that `true`, `false` or `null` lacks.
  func unexpectedWord(from start: Int) -> Faults {
    let word = word(from: start)
    var message = "expected \(wanted), found \(found(from: start))"
    var near: String?
    let plain = word.drop { $0 == "+" || $0 == "-" }.lowercased()
    if plain == "nan" {
      message += ": NaN is not a JSON number"
    } else if plain == "inf" || plain == "infinity" {
      message += ": Infinity is not a JSON number"
    } else if word.hasPrefix("+") {
      message += ": a number has no plus sign in JSON"
    } else if word.hasPrefix(".") {
      message += ": a number begins with a digit in JSON"
    } else if ["none", "nil", "undefined"].contains(plain) {
      near = "null"
    } else {
      near = nearest(to: word, among: ["true", "false", "null"])
    }
    return fault(at: position, message, nearest: near)
  }

  /// A number that breaks off: at `position` should stand a digit.
  func numberFault(from start: Int, after what: String) -> Faults {
    let letter = byte(at: position) | 0x20
    if letter == UInt8(ascii: "i") || letter == UInt8(ascii: "n") { return unexpectedWord(from: start) }
    return fault(at: position, "expected a digit after \(what) of a number, found \(found())")
  }

  func controlCharacter(_ byte: UInt8) -> Faults {
    let escape = "\\u00" + (byte < 16 ? "0" : "") + hexadecimal(byte)
    let short: [UInt8: String] = [0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r"]
    return fault(
      at: position,
      "found the control character \(found()) inside a string: JSON writes it \(short[byte] ?? escape)")
  }

  func loneSurrogate(_ unit: UInt32) -> Faults {
    let name = "\\u" + String(unit, radix: 16, uppercase: true)
    let rule =
      unit < 0xDC00
      ? "must be followed by one of \\uDC00 to \\uDFFF" : "must follow one of \\uD800 to \\uDBFF"
    return fault(at: position, "found the lone surrogate \(name): it \(rule)")
  }

  func notUTF8() -> Faults {
    fault(at: position, "found byte 0x\(hexadecimal(bytes[position])), which begins no scalar of UTF-8")
  }

  /// What stands at `position`, quoted.
  func found() -> String { found(from: position) }

  /// What stands at an index, quoted: a whole word, or one scalar.
  func found(from index: Int) -> String {
    guard index < bytes.count else { return "the end of the text" }
    let first = bytes[index]
    if isWordByte(first) { return "\"\(word(from: index))\"" }
    if first == UInt8(ascii: "\"") { return "a double quote" }
    if first == UInt8(ascii: "/"), byte(at: index + 1) == first { return "\"//\"" }
    if first == UInt8(ascii: "/"), byte(at: index + 1) == UInt8(ascii: "*") { return "\"/*\"" }
    guard let scalar = scalar(at: index) else { return "byte 0x\(hexadecimal(first)), which is not UTF-8" }
    let properties = scalar.properties
    let isVisible =
      scalar.value > 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value)
      && !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
    if isVisible { return "\"\(Character(scalar))\"" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private func scalar(at index: Int) -> Unicode.Scalar? {
    let length = scalarLength(at: index)
    guard length > 0, index + length <= bytes.count else { return nil }
    return String(decoding: bytes[index..<index + length], as: UTF8.self).unicodeScalars.first
  }

  /// Letters, digits and what may stand in a number, at most 24 of them.
  private func word(from start: Int) -> String {
    var end = start
    while end - start < 24, isWordByte(byte(at: end)) { end += 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self) + (isWordByte(byte(at: end)) ? "..." : "")
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }

  private func hexadecimal(_ byte: UInt8) -> String { String(byte, radix: 16, uppercase: true) }
}
