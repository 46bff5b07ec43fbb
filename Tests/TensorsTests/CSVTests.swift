import Diagnostics
import Testing

@testable import Tensors

@Suite struct CSVTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable.read(Array(text.utf8), file: "t.csv")
  }

  private func csvReport(_ text: String) -> String { report { _ = try table(text) } }

  /// All fields, row after row.
  private func fields(_ table: CSVTable) -> [[String]] {
    (0..<table.rowCount).map { row in table.columns.indices.map { table.text(row: row, column: $0) } }
  }

  @Test func readsFieldsWithAndWithoutQuotes() throws {
    let plain = try table("a,b\n1,x\n2,\n")
    #expect(plain.columns == ["a", "b"])
    #expect(fields(plain) == [["1", "x"], ["2", ""]])
    #expect(fields(try table("a,b\r\n1,\r\n,2")) == [["1", ""], ["", "2"]])
    #expect(fields(try table("a,b\n1,")) == [["1", ""]])
    #expect(fields(try table("a\n\nx\n")) == [[""], ["x"]])
    let quoted = try table("\"a\",\"b,\"\"c\"\"\"\n\"x\r\ny\",\"\"\r\n\"\"\"\",\"q,\"\n")
    #expect(quoted.columns == ["a", "b,\"c\""])
    #expect(fields(quoted) == [["x\r\ny", ""], ["\"", "q,"]])
    #expect(fields(try table("a,b\n1,\"x\"")) == [["1", "x"]])
    #expect(fields(try table("a,b\n1,\",\"")) == [["1", ","]])
    #expect(try table("\u{FEFF}ä\n").columns == ["ä"])
    #expect(try table("a,b").rowCount == 0)
  }

  @Test func findsColumns() throws {
    let table = try table("pixel_1,label,pixel_0\n")
    #expect(table.columns(matching: "pixel_*") == [0, 2])
    #expect(table.column(named: "label") == 1)
    #expect(table.column(named: "Label") == nil)
  }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("12", 12), ("-0.5", -0.5), ("1e-3", 1e-3), ("1E+3", 1e3), ("0.1", 0.1),
    ("123456789012345678", 123_456_789_012_345_680), ("9007199254740993", 9_007_199_254_740_992),
    ("1.7976931348623157e308", 1.7976931348623157e308), ("5e-324", Double.leastNonzeroMagnitude),
    ("1e-400", 0), ("0e999", 0),
    ("3.14159265358979323846264338327950288", Double.pi), ("1e23", 1e23), ("8.5e22", 8.5e22),
    ("0.000000000000000000000000000001", 1e-30), ("1e22", 1e22), ("9007199254740992e22", 9007199254740992e22),
    ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown), ("100000000000000000000", 1e20),
  ])
  func readsNumbers(text: String, value: Double) throws {
    let found = try table("x\n\(text)\n").number(row: 0, column: 0)
    #expect(found.bitPattern == value.bitPattern, "\(found)")
    #expect(try table("x\n\"\(text)\"\n").number(row: 0, column: 0) == value)
  }

  @Test(arguments: [
    "", "1.", ".5", "+1", "nan", "NaN", "inf", "Infinity", "0x10", " 1", "1 ", "01", "-", "1e", "1e+", "--1",
    "1e1.5",
    "1_000", "-01", "1.e5", "١", "e5",
  ])
  func refusesOtherNumbers(text: String) throws {
    let table = try table("a,x\n1,\(text)\n")
    #expect(
      report { _ = try table.number(row: 0, column: 1) }
        == "t.csv:2:3: error: row 1, column \"x\": \"\(text)\" is no number; numbers are written as in JSON "
        + "(12, -0.5, 1e-3)")
    #expect(!table.columnIsNumeric(1))
    #expect(table.columnIsNumeric(0))
  }

  @Test func namesTheLineOfANumber() throws {
    let table = try table("a,x\n\"1\n\n2\",3\n\"ä\n\",\"y\"\n1,1e999\n")
    #expect(
      report { _ = try table.number(row: 1, column: 1) }
        == "t.csv:6:3: error: row 2, column \"x\": \"y\" is no number; numbers are written as in JSON "
        + "(12, -0.5, 1e-3)")
    #expect(table.place(row: 1, column: 0) == TextPlace(line: 5, column: 1))
    #expect(
      report { _ = try table.numbers(column: 1) }
        == "t.csv:6:3: error: row 2, column \"x\": \"y\" is no number; numbers are written as in JSON "
        + "(12, -0.5, 1e-3)")
    #expect(
      report { _ = try table.number(row: 2, column: 1) }
        == "t.csv:7:3: error: row 3, column \"x\": \"1e999\" is beyond the range of float64")
    #expect(try table.number(row: 0, column: 1) == 3)
  }

  @Test(arguments: [
    ("", "t.csv: error: is empty; a CSV file begins with a header that names the columns"),
    ("\u{FEFF}", "t.csv: error: is empty; a CSV file begins with a header that names the columns"),
    ("a,b\n1\n", "t.csv:2:1: error: row 1: has 1 field where the header has 2"),
    (
      "a,b\n\"1\n\",2\n1,2,3\n1,2\n\n",
      "t.csv:4:1: error: row 2: has 3 fields where the header has 2\n"
        + "t.csv:6:1: error: row 4: has 1 field where the header has 2"
    ),
    ("a,,\n", "t.csv: error: header, column 2: has no name\nt.csv: error: header, column 3: has no name"),
    ("a,b,a\n", "t.csv: error: header, column 3: is named \"a\", as is column 1"),
    ("a\n\"x\n", "t.csv:2:1: error: row 1: has a quote that is never closed"),
    ("\"a", "t.csv:1:1: error: header: has a quote that is never closed"),
    (
      "a,b\n\"x\"y,1\n",
      "t.csv:2:1: error: row 1: has \"y\" behind a closing quote, where a comma or the line's end belongs"
    ),
    (
      "a\nx\"y\"\n",
      "t.csv:2:1: error: row 1: has a quote inside a field that does not begin with one; quote the "
        + "whole field"
    ),
    ("a\rb\n", "t.csv:1:1: error: header: has a carriage return without a line feed outside quotes"),
    ("a\n\"x\"\r", "t.csv:2:1: error: row 1: has a carriage return without a line feed outside quotes"),
  ])
  func namesTheDamage(text: String, expected: String) {
    #expect(csvReport(text) == expected)
  }

  @Test func countsTheRestOfTheRaggedRows() {
    let rows = csvReport("a,b\n" + String(repeating: "1\n", count: 12)).split(separator: "\n")
    #expect(rows.count == 11)
    #expect(rows.last == "t.csv: error: 2 more rows have another number of fields")
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98],
    [0xFF],
  ])
  func refusesWhatIsNoUTF8(bytes: [UInt8]) {
    #expect(
      report { _ = try CSVTable.read(Array("a\nb".utf8) + bytes + Array("\n".utf8), file: "t.csv") }
        == "t.csv: error: line 2: byte 3 of the file is no valid UTF-8")
  }

  @Test func acceptsAllOfUTF8() throws {
    let text = "é€😀\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\u{D7FF}\u{E000}"
    #expect(try table("a\n\(text)\n").text(row: 0, column: 0) == text)
  }

  @Test func noDamageTraps() {
    damage(Array("a,\"b\"\"\"\r\n1,\"x\ny\"\r\n-2.5e3,é\r\n".utf8), rounds: 2000) { bytes in
      let table = try CSVTable.read(bytes)
      for column in table.columns.indices {
        _ = table.columnIsNumeric(column)
        _ = (0..<table.rowCount).map { table.text(row: $0, column: column) }
        _ = try table.numbers(column: column)
      }
    }
  }
}
