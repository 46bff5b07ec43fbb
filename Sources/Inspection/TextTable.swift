import Diagnostics

/// Rows of cells that are printed in aligned columns.
public struct TextTable: Sendable {
  /// On which side of its column a cell stands.
  public enum Alignment: Sendable {
    /// Texts.
    case left
    /// Numbers.
    case right
  }

  /// A column: its title and how its cells stand in it.
  public struct Column: Sendable {
    /// What stands above the cells.
    public var title: String
    /// On which side the cells stand.
    public var alignment: Alignment
    /// Whether its cells may be cut where the terminal is too narrow.
    public var isFlexible: Bool

    /// A column of texts or numbers.
    public init(_ title: String, _ alignment: Alignment = .left, flexible: Bool = false) {
      self.title = title
      self.alignment = alignment
      isFlexible = flexible
    }
  }

  /// The columns from left to right.
  public var columns: [Column]
  /// The cells of each row; a row may be shorter than the columns.
  public var rows: [[String]]

  private static let gap = 2
  private static let leastFlexibleWidth = 8

  /// A table without rows, or with those given.
  public init(_ columns: [Column], rows: [[String]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// The titles, unless all are empty, and a line a row, without white space at the end.
  ///
  /// Control characters in cells are escaped. Where the lines are longer than `width`, flexible columns are cut.
  public func lines(width: Int? = nil, indent: Int = 0) -> [String] {
    let titles = columns.map(\.title)
    let hasTitles = titles.contains { !$0.isEmpty }
    let cells = (hasTitles ? [titles] : []) + rows.map { $0.map(\.printable) }
    var widths = [Int](repeating: 0, count: columns.count)
    for row in cells {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], cell.columnCount)
      }
    }
    if let width { shrink(&widths, to: width - indent) }
    return cells.map { line($0, widths, indent: indent) }
  }

  /// The lines, each with a line feed at its end.
  public func text(width: Int? = nil, indent: Int = 0) -> String {
    lines(width: width, indent: indent).reduce(into: "") { $0 += $1 + "\n" }
  }

  private func shrink(_ widths: inout [Int], to width: Int) {
    var excess = widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) - width
    while excess > 0 {
      let flexible = columns.indices.filter {
        columns[$0].isFlexible && widths[$0] > Self.leastFlexibleWidth
      }
      guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { return }
      let next = flexible.filter { $0 != widest }.map { widths[$0] }.max() ?? Self.leastFlexibleWidth
      let cut = min(excess, max(1, widths[widest] - max(next, Self.leastFlexibleWidth)))
      widths[widest] -= cut
      excess -= cut
    }
  }

  private func line(_ row: [String], _ widths: [Int], indent: Int) -> String {
    var out = String(repeating: " ", count: indent)
    var pending = 0
    for (column, cell) in row.enumerated() where column < widths.count {
      if column > 0 { pending += Self.gap }
      let shown = cell.cut(to: widths[column])
      let padding = widths[column] - shown.columnCount
      if columns[column].alignment == .right { pending += padding }
      if !shown.isEmpty {
        out += String(repeating: " ", count: pending)
        out += shown
        pending = 0
      }
      if columns[column].alignment == .left { pending += padding }
    }
    while out.utf8.last == 0x20 { out.removeLast() }
    return out
  }
}

extension String {
  /// The text without control characters; almost every text has none, and stays as it is.
  var printable: String { utf8.allSatisfy { (0x20..<0x7F).contains($0) } ? self : quotedForTerminal }

  /// The columns that the text takes, one a scalar.
  var columnCount: Int { utf8.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) } }

  fileprivate func cut(to width: Int) -> String {
    guard columnCount > width else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(max(0, width - 3)))) + "..."
  }
}
