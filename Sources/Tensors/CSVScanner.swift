import Diagnostics

/// Finds the fields of a CSV text (RFC 4180): where each begins, and nothing copied.
struct CSVScanner {
  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  let file: String?
  /// Where each field begins, row after row, the header's first; at last the end of the text.
  private(set) var starts: [UInt32] = []
  /// The row of every line break inside quotes, in order; the header is row 0.
  private(set) var brokenRows: [UInt32] = []
  /// How many rows there are, the header included.
  private(set) var rowCount = 0
  /// How many fields each row has.
  private(set) var columnCount = 0
  private var position = 0
  private var unevenRows: [(row: Int, fields: Int)] = []
  private var unevenRowCount = 0

  init(file: String?) { self.file = file }

  /// Finds all fields; throws at the first broken quote or line end, or else for all rows with too many or
  /// too few fields.
  mutating func scan(_ text: UnsafeBufferPointer<UInt8>) throws {
    guard text.count < Int(UInt32.max) else {
      throw Fault(
        .limit, file: file, "holds \(text.count) bytes, more than the limit of \(UInt32.max - 1) for CSV")
    }
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    guard position < text.count else {
      throw Fault(file: file, "is empty; a CSV file begins with a header that names the columns")
    }
    while position < text.count {
      let fields = try scanRow(text)
      if rowCount == 0 { columnCount = fields }
      if fields != columnCount {
        unevenRowCount += 1
        if unevenRows.count < 10 { unevenRows.append((rowCount, fields)) }
      }
      rowCount += 1
    }
    starts.append(UInt32(text.count))
    try reportUnevenRows()
  }

  /// The line that a row begins on, counted from 1.
  static func line(ofRow row: Int, brokenRows: [UInt32]) -> Int {
    var low = 0
    var high = brokenRows.count
    while low < high {
      let middle = (low + high) / 2
      if Int(brokenRows[middle]) < row { low = middle + 1 } else { high = middle }
    }
    return 1 + row + low
  }

  private func fault(row: Int, _ message: String) -> Fault {
    let line = Self.line(ofRow: row, brokenRows: brokenRows)
    let place = row == 0 ? "header" : "row \(row)"
    return Fault(file: file, text: TextPlace(line: line, column: 1), place: place, message)
  }

  private func reportUnevenRows() throws {
    var faults = unevenRows.map { row, fields in
      fault(row: row, "has \(fields) field\(fields == 1 ? "" : "s") where the header has \(columnCount)")
    }
    if unevenRowCount > unevenRows.count {
      let more = unevenRowCount - unevenRows.count
      faults.append(
        Fault(file: file, "\(more) more row\(more == 1 ? " has" : "s have") another number of fields"))
    }
    try Faults(faults).check()
  }

  private mutating func scanRow(_ text: UnsafeBufferPointer<UInt8>) throws -> Int {
    var fields = 0
    while true {
      starts.append(UInt32(position))
      fields += 1
      if position < text.count, text[position] == Self.quote {
        try scanQuoted(text)
      } else {
        try scanPlain(text)
      }
      guard position < text.count, text[position] == Self.comma else { break }
      position += 1
    }
    if position < text.count { position += text[position] == Self.carriageReturn ? 2 : 1 }
    return fields
  }

  /// Moves to the end of a field without quotes.
  private mutating func scanPlain(_ text: UnsafeBufferPointer<UInt8>) throws {
    while position < text.count {
      switch text[position] {
      case Self.comma, Self.lineFeed:
        return
      case Self.carriageReturn:
        return try checkLineEnd(text)
      case Self.quote:
        throw fault(
          row: rowCount, "has a quote inside a field that does not begin with one; quote the whole field")
      default:
        position += 1
      }
    }
  }

  /// Moves behind the closing quote of a field.
  private mutating func scanQuoted(_ text: UnsafeBufferPointer<UInt8>) throws {
    let breaksBefore = brokenRows.count
    position += 1
    while true {
      guard position < text.count else {
        brokenRows.removeSubrange(breaksBefore...)
        throw fault(row: rowCount, "has a quote that is never closed")
      }
      switch text[position] {
      case Self.lineFeed:
        brokenRows.append(UInt32(rowCount))
        position += 1
      case Self.quote where position + 1 < text.count && text[position + 1] == Self.quote:
        position += 2
      case Self.quote:
        position += 1
        return try checkAfterQuote(text)
      default:
        position += 1
      }
    }
  }

  private func checkAfterQuote(_ text: UnsafeBufferPointer<UInt8>) throws {
    guard position < text.count else { return }
    switch text[position] {
    case Self.comma, Self.lineFeed: return
    case Self.carriageReturn: try checkLineEnd(text)
    default:
      let rest = text[position...].prefix { $0 != Self.comma && $0 != Self.lineFeed }.prefix(40)
      let found = String(decoding: rest, as: UTF8.self).excerpt(20)
      throw fault(
        row: rowCount, "has \"\(found)\" behind a closing quote, where a comma or the line's end belongs")
    }
  }

  private func checkLineEnd(_ text: UnsafeBufferPointer<UInt8>) throws {
    guard position + 1 < text.count, text[position + 1] == Self.lineFeed else {
      throw fault(row: rowCount, "has a carriage return without a line feed outside quotes")
    }
  }
}
