import Foundation

/// Swift source with its comments and the contents of its string literals blanked, so that a search finds code.
struct SourceText {
  /// As many bytes as the source, line by line; blanked ones are spaces.
  let code: String

  init(_ text: String) {
    var scanner = Blanker(Array(text.utf8))
    scanner.run()
    code = String(decoding: scanner.out, as: UTF8.self)
  }

  /// The modules that the source imports.
  var imports: [String] {
    code.split(separator: "\n").compactMap { line in
      var words = line.split { $0 == " " || $0 == ";" }.map(String.init)
      let modifiers = ["public", "package", "internal", "fileprivate", "private"]
      while let word = words.first, word.hasPrefix("@") || modifiers.contains(word) { words.removeFirst() }
      guard words.first == "import", words.count > 1 else { return nil }
      let kinds = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
      let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
      return String(name.prefix { $0 != "." })
    }
  }

  /// The types that the source names as values: the words before `.self`.
  var typesAsValues: Set<String> { Set(code.matches(of: #/(\w+)\.self\b/#).map { String($0.1) }) }

  /// The lines, counted from 1, on which the pattern is found.
  func lines(with pattern: Regex<Substring>) -> [Int] {
    code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      line.contains(pattern) ? index + 1 : nil
    }
  }
}

/// Walks over source once; a depth of brackets follows interpolations into strings and out again.
private struct Blanker {
  private let text: [UInt8]
  private(set) var out: [UInt8]
  private var index = 0

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let comment = Array("//".utf8)
  private static let openComment = Array("/*".utf8)
  private static let closeComment = Array("*/".utf8)
  private static let quotes = Array("\"\"\"".utf8)
  private static let interpolation = Array("\\(".utf8)

  init(_ text: [UInt8]) {
    self.text = text
    out = text
  }

  mutating func run() {
    while index < text.count { code() }
  }

  private func starts(_ word: [UInt8]) -> Bool {
    text[index] == word[0] && text[index...].starts(with: word)
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where index < text.count {
      if text[index] != Blanker.lineFeed { out[index] = UInt8(ascii: " ") }
      index += 1
    }
  }

  private mutating func code() {
    if starts(Blanker.comment) {
      while index < text.count, text[index] != Blanker.lineFeed { blank() }
    } else if starts(Blanker.openComment) {
      while index < text.count, !starts(Blanker.closeComment) { blank() }
      blank(2)
    } else if starts(Blanker.quotes) {
      string(end: Blanker.quotes)
    } else if text[index] == Blanker.quote {
      string(end: [Blanker.quote])
    } else {
      index += 1
    }
  }

  private mutating func string(end: [UInt8]) {
    blank(end.count)
    while index < text.count, !starts(end) {
      if starts(Blanker.interpolation) {
        blank(2)
        interpolation()
      } else if text[index] == UInt8(ascii: "\\") {
        blank(2)
      } else if text[index] == Blanker.lineFeed, end.count == 1 {
        return
      } else {
        blank()
      }
    }
    blank(end.count)
  }

  private mutating func interpolation() {
    var depth = 1
    while index < text.count {
      if text[index] == UInt8(ascii: "(") { depth += 1 }
      if text[index] == UInt8(ascii: ")") { depth -= 1 }
      if depth == 0 { return blank() }
      code()
    }
  }
}
