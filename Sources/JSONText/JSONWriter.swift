/// Writes values as JSON text, on one line or in canonical form.
///
/// Strings are escaped no more than they must be. A value is nested no deeper than a text that can be read, or
/// than the program that made it nests it.
public enum JSONWriter {
  /// One line without white space and without a line feed at its end; numbers as they were written.
  ///
  /// A raw value loses the white space between its tokens, and nothing else.
  public static func compact(_ value: JSONValue) -> [UInt8] {
    var out = FlatText(.compact)
    _ = out.append(value)
    return out.bytes
  }

  /// `compact` as a string.
  public static func compactText(_ value: JSONValue) -> String {
    String(decoding: compact(value), as: UTF8.self)
  }

  /// The canonical form, with a line feed at its end; written again after reading, it is the same.
  ///
  /// Two spaces of indent. An array stands on one line, with all that is in it, where 100 columns hold the line
  /// with its indent, its key and the comma after it; else each element begins a line. An object that is an
  /// element of an array is treated in the same way: `{ "name": "a", "op": "relu" }`. Any other object has a
  /// member a line. Numbers are written as `JSONNumber.canonicalText` says; raw values stand as they are.
  public static func canonical(_ value: JSONValue) -> [UInt8] {
    var out = CanonicalText()
    out.write(value, indent: 0, column: 0, commaFollows: false, isElement: false)
    out.bytes.append(0x0A)
    return out.bytes
  }

  /// `canonical` as a string.
  public static func canonicalText(_ value: JSONValue) -> String {
    String(decoding: canonical(value), as: UTF8.self)
  }
}

private struct CanonicalText {
  static let width = 100
  var bytes: [UInt8] = []

  /// Writes a value that begins behind `column` columns of a line whose own indent is `indent`.
  mutating func write(_ value: JSONValue, indent: Int, column: Int, commaFollows: Bool, isElement: Bool) {
    switch value.kind {
    case .array(let elements):
      let columns = elements.isEmpty ? Int.max : Self.width - column - (commaFollows ? 1 : 0)
      if writeFlat(value, columns: columns) { return }
      open("[")
      for (index, element) in elements.enumerated() {
        let more = index + 1 < elements.count
        pad(indent + 2)
        write(element, indent: indent + 2, column: indent + 2, commaFollows: more, isElement: true)
        endLine(more)
      }
      close("]", indent: indent)
    case .object(let members):
      let columns = members.isEmpty ? Int.max : Self.width - column - (commaFollows ? 1 : 0)
      if isElement || members.isEmpty, writeFlat(value, columns: columns) { return }
      open("{")
      for (index, member) in members.enumerated() {
        let more = index + 1 < members.count
        pad(indent + 2)
        let columns = indent + 2 + writeKey(member.key)
        write(member.value, indent: indent + 2, column: columns, commaFollows: more, isElement: false)
        endLine(more)
      }
      close("}", indent: indent)
    case .raw(let text): bytes.append(contentsOf: text.utf8)
    case .null, .boolean, .number, .string: _ = writeFlat(value, columns: .max)
    }
  }

  private mutating func writeFlat(_ value: JSONValue, columns: Int) -> Bool {
    var line = FlatText(.canonical, columns: max(0, columns))
    guard line.append(value) else { return false }
    bytes.append(contentsOf: line.bytes)
    return true
  }

  /// Writes `"key": ` and tells its columns.
  private mutating func writeKey(_ key: String) -> Int {
    var text = FlatText(.canonical)
    _ = text.appendQuoted(key) && text.append(": ")
    bytes.append(contentsOf: text.bytes)
    return Int.max - text.columns
  }

  private mutating func open(_ bracket: Unicode.Scalar) {
    bytes.append(UInt8(ascii: bracket))
    bytes.append(0x0A)
  }

  private mutating func close(_ bracket: Unicode.Scalar, indent: Int) {
    pad(indent)
    bytes.append(UInt8(ascii: bracket))
  }

  private mutating func endLine(_ commaFollows: Bool) {
    if commaFollows { bytes.append(UInt8(ascii: ",")) }
    bytes.append(0x0A)
  }

  private mutating func pad(_ columns: Int) {
    for _ in 0..<columns { bytes.append(0x20) }
  }
}
