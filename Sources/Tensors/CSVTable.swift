import Diagnostics

/// A CSV file with a header (RFC 4180), kept as its bytes and the places of its fields.
///
/// Rows and columns are counted from 0 by its functions; messages count data rows from 1.
public struct CSVTable: Sendable {
  /// The names of the columns, each different, in the file's order.
  public let columns: [String]
  /// The number of rows below the header.
  public let rowCount: Int
  /// The file as messages name it.
  public let file: String?

  private let bytes: [UInt8]
  private let starts: [UInt32]
  private let brokenRows: [UInt32]
  private let columnIndex: [String: Int]

  /// Reads the bytes of a CSV file: a header with a different name for every column, then rows of as many
  /// fields.
  ///
  /// Throws `Fault` or `Faults` with row and line for what is no UTF-8, badly quoted, ragged, or badly named.
  public static func read(_ bytes: [UInt8], file: String? = nil) throws -> CSVTable {
    try CSVTable(bytes: bytes, file: file)
  }

  private init(bytes: [UInt8], file: String?) throws {
    var scanner = CSVScanner(file: file)
    try bytes.withUnsafeBufferPointer { text in
      if let offset = firstInvalidUTF8(text) {
        let line = 1 + text[..<offset].lazy.filter { $0 == UInt8(ascii: "\n") }.count
        throw Fault(file: file, "line \(line): byte \(offset) of the file is no valid UTF-8")
      }
      try scanner.scan(text)
    }
    self.bytes = bytes
    self.file = file
    starts = scanner.starts
    brokenRows = scanner.brokenRows
    rowCount = scanner.rowCount - 1
    let names = (0..<scanner.columnCount).lazy.map { column in
      Self.text(bytes, Self.fieldRange(bytes, scanner.starts, column))
    }
    (columns, columnIndex) = try Self.checkedNames(names, file: file)
  }

  /// The column of a name, or nil.
  public func column(named name: String) -> Int? { columnIndex[name] }

  /// The columns whose names fit a pattern with `*` and `?`, in the file's order.
  public func columns(matching pattern: String) -> [Int] {
    columns.indices.filter { matches(pattern: pattern, text: columns[$0]) }
  }

  /// What a field says, without its quotes.
  public func text(row: Int, column: Int) -> String {
    Self.text(bytes, range(row: row, column: column))
  }

  /// The number in a field; throws a fault with row, column name and text where it is none in JSON's
  /// grammar or beyond float64's range.
  public func number(row: Int, column: Int) throws -> Double {
    if let value = numberOrNil(row: row, column: column), value.isFinite { return value }
    throw numberFault(row: row, column: column)
  }

  /// All numbers of a column, with the faults of ``number(row:column:)``.
  public func numbers(column: Int) throws -> [Double] {
    try (0..<rowCount).map { try number(row: $0, column: column) }
  }

  /// Whether every field of a column is a number in JSON's grammar and float64's range.
  public func columnIsNumeric(_ column: Int) -> Bool {
    (0..<rowCount).allSatisfy { numberOrNil(row: $0, column: column)?.isFinite ?? false }
  }

  /// Where a field begins: its line, and its column in Unicode scalars.
  public func place(row: Int, column: Int) -> TextPlace {
    var place = TextPlace(line: CSVScanner.line(ofRow: row + 1, brokenRows: brokenRows), column: 1)
    let rowStart = Int(starts[(row + 1) * columns.count])
    for byte in bytes[rowStart..<range(row: row, column: column).lowerBound] {
      if byte == UInt8(ascii: "\n") {
        place = TextPlace(line: place.line + 1, column: 1)
      } else if byte & 0xC0 != 0x80 {
        place.column += 1
      }
    }
    return place
  }

  private func range(row: Int, column: Int) -> Range<Int> {
    precondition(
      (0..<rowCount).contains(row) && columns.indices.contains(column),
      "the table has \(rowCount) rows and \(columns.count) columns, no field \(row), \(column)")
    return Self.fieldRange(bytes, starts, (row + 1) * columns.count + column)
  }

  private func numberOrNil(row: Int, column: Int) -> Double? {
    let range = range(row: row, column: column)
    if range.isEmpty { return nil }
    if bytes[range.lowerBound] == UInt8(ascii: "\"") {
      var inner = Self.text(bytes, range)
      return inner.withUTF8(numberInJSONGrammar)
    }
    return bytes.withUnsafeBufferPointer { numberInJSONGrammar(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private func numberFault(row: Int, column: Int) -> Fault {
    let found = text(row: row, column: column).excerpt()
    let isNumber = numberOrNil(row: row, column: column) != nil
    return Fault(
      file: file, text: place(row: row, column: column),
      place: "row \(row + 1), column \"\(columns[column].excerpt())\"",
      isNumber
        ? "\"\(found)\" is beyond the range of float64"
        : "\"\(found)\" is no number; numbers are written as in JSON (12, -0.5, 1e-3)")
  }
}

extension CSVTable {
  /// The bytes of a field, its quotes included.
  fileprivate static func fieldRange(_ bytes: [UInt8], _ starts: [UInt32], _ index: Int) -> Range<Int> {
    let start = Int(starts[index])
    var end = Int(starts[index + 1])
    // Between a field and the next stands a comma, a line's end of one or two bytes, or nothing at the
    // file's end.
    if end > start, bytes[end - 1] == UInt8(ascii: ",") || bytes[end - 1] == UInt8(ascii: "\n") {
      end -= 1
      if end > start, bytes[end] == UInt8(ascii: "\n"), bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    }
    return start..<end
  }

  /// What the bytes of a field say, without quotes.
  fileprivate static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    let quote = UInt8(ascii: "\"")
    guard range.count >= 2, bytes[range.lowerBound] == quote else {
      return String(decoding: bytes[range], as: UTF8.self)
    }
    var inner: [UInt8] = []
    var isSecond = false
    for byte in bytes[(range.lowerBound + 1)..<(range.upperBound - 1)] {
      isSecond = byte == quote && !isSecond
      if !isSecond { inner.append(byte) }
    }
    return String(decoding: inner, as: UTF8.self)
  }

  /// The names of the columns with their places; throws for those that are empty or stand there twice.
  fileprivate static func checkedNames(
    _ names: some Sequence<String>, file: String?
  ) throws -> (names: [String], index: [String: Int]) {
    var checked: [String] = []
    var index: [String: Int] = [:]
    var faults: [Fault] = []
    for (column, name) in names.enumerated() {
      let place = "header, column \(column + 1)"
      if name.isEmpty {
        faults.append(Fault(file: file, place: place, "has no name"))
      } else if let first = index[name] {
        faults.append(
          Fault(file: file, place: place, "is named \"\(name.excerpt())\", as is column \(first + 1)"))
      } else {
        index[name] = column
      }
      if faults.count == 10 { break }
      checked.append(name)
    }
    try Faults(faults).check()
    return (checked, index)
  }
}
