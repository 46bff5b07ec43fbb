/// The number that the bytes spell in JSON's grammar, correctly rounded, or nil where they spell none.
///
/// `-0.5`, `12` and `1e-3` are numbers; `1.`, `.5`, `+1`, `01`, `nan` and blanks are none. A number beyond
/// float64's range is infinite.
func numberInJSONGrammar(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
  var digits = DecimalDigits()
  var position = 0
  let isNegative = text.first == UInt8(ascii: "-")
  if isNegative { position = 1 }

  let wholeStart = position
  position = digits.take(text, from: position, isFraction: false)
  guard position > wholeStart else { return nil }
  if text[wholeStart] == UInt8(ascii: "0"), position > wholeStart + 1 { return nil }

  if position < text.count, text[position] == UInt8(ascii: ".") {
    let start = position + 1
    position = digits.take(text, from: start, isFraction: true)
    guard position > start else { return nil }
  }
  if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
    guard let end = digits.takeExponent(text, from: position + 1) else { return nil }
    position = end
  }
  guard position == text.count else { return nil }
  if let value = digits.exactValue { return isNegative ? -value : value }
  return Double(String(decoding: text, as: UTF8.self))
}

/// The significant digits of a number in decimal, as far as they fit.
private struct DecimalDigits {
  private var significand: UInt64 = 0
  private var exponent = 0
  private var isWhole = true

  /// Takes digits and answers where they end.
  mutating func take(_ text: UnsafeBufferPointer<UInt8>, from start: Int, isFraction: Bool) -> Int {
    var position = start
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if significand < 1_000_000_000_000_000_000 {
        significand = significand * 10 + UInt64(digit)
        if isFraction { exponent -= 1 }
      } else {
        isWhole = false
      }
      position += 1
    }
    return position
  }

  /// Takes an exponent after its `e` and answers where it ends, or nil where it has no digits.
  mutating func takeExponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var position = start
    var isNegative = false
    if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
      isNegative = text[position] == UInt8(ascii: "-")
      position += 1
    }
    let digitsStart = position
    var value = 0
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      // No power beyond 100,000 is taken the exact way, so the rest of the digits does not matter.
      if value < 100_000 { value = value * 10 + Int(digit) }
      position += 1
    }
    guard position > digitsStart else { return nil }
    exponent += isNegative ? -value : value
    return position
  }

  /// The number, where significand and power of ten are both float64s, so that one operation rounds once.
  var exactValue: Double? {
    guard isWhole, significand <= 1 << 53 else { return nil }
    if significand == 0 { return 0 }
    guard (-22...22).contains(exponent) else { return nil }
    let power = Self.powersOfTen[abs(exponent)]
    return exponent < 0 ? Double(significand) / power : Double(significand) * power
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]
}
