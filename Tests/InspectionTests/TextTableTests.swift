import Inspection
import Testing

@Suite struct TextTableTests {
  private var table: TextTable {
    TextTable(
      [.init("name", flexible: true), .init("count", .right), .init("what")],
      rows: [["a", "1", "one"], ["a_long_name_of_a_node", "1,000", ""], ["tab\there", "", "x"]])
  }

  @Test func columnsAreAligned() {
    #expect(
      table.text() == """
        name                   count  what
        a                          1  one
        a_long_name_of_a_node  1,000
        tab\\u{9}here                  x

        """)
  }

  @Test func flexibleColumnsAreCut() {
    #expect(
      table.lines(width: 24, indent: 2) == [
        "  name       count  what", "  a              1  one", "  a_long...  1,000",
        "  tab\\u{...         x",
      ])
  }
}
