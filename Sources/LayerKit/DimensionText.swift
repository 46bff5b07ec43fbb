/// Reads sizes in the notation in which messages print them, so that a size can cross a border as a text.
extension Dimension {
  /// The size that a text spells: `16`, `batch`, `time + 2`, `ceil((width - 3)/2) + 1`.
  ///
  /// A text may hold `+`, `-`, `*`, parentheses and `floor(a/b)`, `ceil(a/b)`, `min(a, b)`, `max(a, b)` with a
  /// number `b`, which is positive where it divides. Nil where the text is none of that.
  public init?(_ text: String) {
    var reader = DimensionReader(bytes: Array(text.utf8.prefix(DimensionReader.longest + 1)))
    guard reader.bytes.count <= DimensionReader.longest, let size = reader.sum(), reader.isAtEnd else {
      return nil
    }
    self = size
  }
}

private struct DimensionReader {
  /// More than any expression of a normal form takes.
  static let longest = 1 << 16
  private static let deepest = 64

  let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool {
    mutating get {
      skipSpaces()
      return place == bytes.count
    }
  }

  private mutating func skipSpaces() {
    while place < bytes.count, bytes[place] == UInt8(ascii: " ") { place += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  mutating func sum() -> Dimension? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= DimensionReader.deepest else { return nil }
    let isNegative = take("-")
    guard let first = product() else { return nil }
    var total = isNegative ? Dimension(0) - first : first
    while true {
      if take("+") {
        guard let next = product() else { return nil }
        total = total + next
      } else if take("-") {
        guard let next = product() else { return nil }
        total = total - next
      } else {
        return total
      }
    }
  }

  private mutating func product() -> Dimension? {
    guard var total = factor() else { return nil }
    while take("*") {
      guard let next = factor() else { return nil }
      total = total * next
    }
    return total
  }

  private mutating func factor() -> Dimension? {
    if take("(") {
      guard let inner = sum(), take(")") else { return nil }
      return inner
    }
    if let number = number() { return Dimension(number) }
    guard let word = word() else { return nil }
    guard take("(") else { return Dimension(symbol: word) }
    guard let left = sum() else { return nil }
    let isQuotient = word == "floor" || word == "ceil"
    guard take(isQuotient ? "/" : ","), let right = number(), take(")") else { return nil }
    switch word {
    case "floor" where right > 0: return left.dividedDown(by: right)
    case "ceil" where right > 0: return left.dividedUp(by: right)
    case "min": return left.atMost(right)
    case "max": return left.atLeast(right)
    default: return nil
    }
  }

  private mutating func number() -> Int? {
    skipSpaces()
    let digits = bytes[place...].prefix { (48...57).contains($0) }
    guard !digits.isEmpty else { return nil }
    place += digits.count
    // A number that no `Int` holds is over every limit, as any size that saturates.
    return Int(String(decoding: digits, as: UTF8.self)) ?? .max
  }

  private mutating func word() -> String? {
    skipSpaces()
    func isLetter(_ byte: UInt8) -> Bool {
      byte == 95 || (65...90).contains(byte) || (97...122).contains(byte)
    }
    guard place < bytes.count, isLetter(bytes[place]) else { return nil }
    let letters = bytes[place...].prefix { isLetter($0) || (48...57).contains($0) }
    place += letters.count
    return String(decoding: letters, as: UTF8.self)
  }
}
