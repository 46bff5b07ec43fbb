/// A number as its JSON text, so that nothing is lost before somebody asks for an integer or a double.
public struct JSONNumber: Hashable, Sendable {
  /// The text of the number, in JSON's grammar.
  public let text: String

  /// The caller has checked the grammar.
  init(checked text: String) { self.text = text }

  public init(_ integer: Int) { text = String(integer) }

  /// The canonical text of a finite number; nil for one that is not finite.
  public init?(_ double: Double) {
    guard double.isFinite else { return nil }
    text = Self.canonicalText(of: double)
  }

  /// The integer of a number written `16` or `16.0`; nil for any other form and beyond 64 bits.
  public var integer: Int? {
    let digits = text.hasSuffix(".0") ? text.dropLast(2) : text[...]
    guard isPlainInteger(digits) else { return nil }
    return Int(digits)
  }

  /// The nearest double; nil where the number is too large for a finite one.
  public var double: Double? {
    guard let double = Double(text), double.isFinite else { return nil }
    return double
  }

  /// Whether the number has a minus sign; true for `-0` as well.
  public var isNegative: Bool { text.utf8.first == UInt8(ascii: "-") }

  /// The canonical form of the number.
  ///
  /// A number written as an integer (`16`, `16.0`) keeps its digits without a point, whatever their number, so
  /// that it can still be read as an integer. Any other number is written as its double: an integral value
  /// below 2^53 without a point, else the shortest digits that read back the same, with an exponent below
  /// 1e-4 and from 1e16 (`1e-5`, `1.5e300`). A negative zero is `-0.0`. A number that no finite double holds
  /// keeps its text.
  public var canonicalText: String {
    if isShortDecimal { return text }
    let digits = text.hasSuffix(".0") ? text.dropLast(2) : text[...]
    if isPlainInteger(digits) { return digits == "-0" ? "-0.0" : String(digits) }
    return double.map(Self.canonicalText(of:)) ?? text
  }

  /// Whether the text is canonical because no shorter one reads as the same double.
  ///
  /// Two decimal numbers of at most 15 digits never read as the same double, so digits without a zero at either
  /// end are the shortest.
  private var isShortDecimal: Bool {
    var digits = 0
    var zerosAfterPoint = 0
    var inFraction = false
    var last: UInt8 = 0
    for byte in text.utf8 {
      last = byte
      switch byte {
      case UInt8(ascii: "."): inFraction = true
      case UInt8(ascii: "-"): continue
      case UInt8(ascii: "0") where digits == 0: zerosAfterPoint += inFraction ? 1 : 0
      case 0x30...0x39: digits += 1
      default: return false
      }
    }
    return inFraction && (1...15).contains(digits) && zerosAfterPoint <= 3 && last != UInt8(ascii: "0")
  }

  private func isPlainInteger(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
  }

  private static func canonicalText(of double: Double) -> String {
    if double == 0 { return double.sign == .minus ? "-0.0" : "0" }
    if double.magnitude < 0x1p53, double == double.rounded(.towardZero) { return String(Int(double)) }
    return (double < 0 ? "-" : "") + shortestText(of: double.magnitude)
  }

  /// The digits are those of the standard library, which are the shortest; the layout is ours.
  private static func shortestText(of magnitude: Double) -> String {
    let parts = magnitude.description.split(separator: "e")
    let significand = parts[0].split(separator: ".")
    let whole = significand[0]
    let fraction = significand.count > 1 ? significand[1] : ""
    let all = whole + fraction
    let leadingZeros = all.prefix { $0 == "0" }.count
    var digits = String(all.dropFirst(leadingZeros))
    while digits.last == "0" { digits.removeLast() }
    let written = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    // The power of ten of the first digit that counts.
    let exponent = written + whole.count - 1 - leadingZeros
    if exponent < -4 || exponent >= 16 {
      let rest = digits.dropFirst()
      return "\(digits.prefix(1))\(rest.isEmpty ? "" : "." + rest)e\(exponent)"
    }
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
    if digits.count <= exponent + 1 {
      return digits + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return "\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))"
  }
}
