import Glibc
import LayerKit

/// A curve of numbers over time, drawn with characters.
///
/// However many numbers are added, a bounded number of means is kept.
public struct LossCurve: Sendable {
  private var sums: [Double] = []
  private var stride = 1
  private var pending = 0.0
  private var pendingCount = 0
  /// How many numbers were added.
  public private(set) var count = 0

  private static let mostMeans = 1024

  public init() {}

  /// Adds the next number.
  public mutating func add(_ value: Double) {
    count += 1
    pending += value
    pendingCount += 1
    guard pendingCount == stride else { return }
    sums.append(pending / Double(stride))
    pending = 0
    pendingCount = 0
    guard sums.count == Self.mostMeans else { return }
    sums = Swift.stride(from: 0, to: sums.count, by: 2).map { (sums[$0] + sums[$0 + 1]) / 2 }
    stride *= 2
  }

  /// The curve in `rows` lines of `columns` characters, each of which holds 2 by 4 dots, with the largest and
  /// the smallest number at its left; empty where there are fewer than two numbers.
  ///
  /// Where the largest is more than 50 times the smallest, the axis is logarithmic, and the curve says so.
  public func text(rows: Int = 8, columns: Int = 60, title: String = "") -> String {
    let finite = sums.filter(\.isFinite)
    guard finite.count >= 2, rows > 0, columns > 0, let top = finite.max(), let bottom = finite.min() else {
      return ""
    }
    let isLogarithmic = bottom > 0 && top / bottom > 50
    func height(_ value: Double) -> Double {
      let (low, high) = isLogarithmic ? (log(bottom), log(top)) : (bottom, top)
      guard high > low else { return 0.5 }
      return ((isLogarithmic ? log(value) : value) - low) / (high - low)
    }
    let levels = means(finite, buckets: min(2 * columns, max(2, finite.count))).map(height)
    let dots = Self.dots(levels, rows: rows, columns: columns)
    let labels = [Self.label(top), Self.label(bottom)]
    let width = labels.map(\.count).max() ?? 0
    var lines: [String] = title.isEmpty ? [] : [title + (isLogarithmic ? " (logarithmic)" : "")]
    for row in 0..<rows {
      let label = row == 0 ? labels[0] : row == rows - 1 ? labels[1] : ""
      let bar = label.isEmpty ? "\u{2502}" : "\u{2524}"
      let line = dots[row].map { $0 == 0 ? " " : Character(Unicode.Scalar(0x2800 + UInt32($0)) ?? " ") }
      lines.append(
        String(repeating: " ", count: width - label.count) + label + " " + bar + Self.trimmed(line))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func means(_ values: [Double], buckets: Int) -> [Double] {
    (0..<buckets).map { bucket in
      let start = bucket * values.count / buckets
      let end = max(start + 1, (bucket + 1) * values.count / buckets)
      return values[start..<end].reduce(0, +) / Double(end - start)
    }
  }

  /// The patterns of dots, as Braille numbers them, of a curve that fills the width.
  private static func dots(_ levels: [Double], rows: Int, columns: Int) -> [[UInt8]] {
    let patterns: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var cells = [[UInt8]](repeating: [UInt8](repeating: 0, count: columns), count: rows)
    let (wide, high) = (2 * columns, 4 * rows)
    var before: Int?
    for x in 0..<wide {
      let place = Double(x) / Double(wide - 1) * Double(levels.count - 1)
      let left = min(Int(place), levels.count - 1)
      let right = min(left + 1, levels.count - 1)
      let level = levels[left] + (levels[right] - levels[left]) * (place - Double(left))
      let y = min(high - 1, max(0, Int(((1 - level) * Double(high - 1)).rounded())))
      // The dots between two heights are drawn as well, so that a steep curve stays in one piece.
      let from = before.map { $0 < y ? $0 + 1 : $0 > y ? $0 - 1 : y } ?? y
      for dot in min(from, y)...max(from, y) { cells[dot / 4][x / 2] |= patterns[dot % 4][x % 2] }
      before = y
    }
    return cells
  }

  private static func label(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let unit = pow(10, floor(log10(value.magnitude)) - 2)
    let rounded = (value / unit).rounded() * unit
    return "\(Float(rounded))"
  }

  private static func trimmed(_ line: [Character]) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
