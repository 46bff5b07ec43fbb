/// Output as a page shows it: a line `...` stands for any lines, `…` within a line for any characters.
///
/// Numbers with a point may differ a little, since the last bits of training depend on the machine's instruction
/// set; how words are spaced does not count.
struct ShownOutput {
  private let lines: [String]

  init(_ text: String) { lines = ShownOutput.lines(text) }

  /// Nil where the output is as shown, else the first shown line that it lacks.
  func difference(from output: String) -> String? {
    let found = ShownOutput.lines(output)
    // The furthest place up to which a beginning of the shown lines fits; after `...`, any later one does.
    var places: Set<Int> = [0]
    for (number, line) in lines.enumerated() {
      if line == "..." {
        places = Set((places.min() ?? 0)...found.count)
        continue
      }
      let next = Set(places.filter { $0 < found.count && ShownOutput.fits(found[$0], line) }.map { $0 + 1 })
      if next.isEmpty {
        let instead = places.min().flatMap { $0 < found.count ? found[$0] : nil } ?? "the end"
        return "line \(number + 1) shown: \(line)\nfound: \(instead)"
      }
      places = next
    }
    return places.contains(found.count) ? nil : "more than is shown: \(found[places.max() ?? 0])"
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func fits(_ line: String, _ shown: String) -> Bool {
    if fitsCharacters(line, shown) { return true }
    let (words, shownWords) = (line.split(separator: " "), shown.split(separator: " "))
    return words.count == shownWords.count && zip(words, shownWords).allSatisfy(agree)
  }

  /// Whether two words are the same, or numbers with a point that differ by a tenth or by 0.005 at most.
  private static func agree(_ word: Substring, _ shown: Substring) -> Bool {
    if word == shown || shown == "…" { return true }
    guard shown.contains(where: { $0 == "." || $0 == "e" }), let a = Double(word), let b = Double(shown)
    else {
      return false
    }
    return abs(a - b) <= max(0.005, 0.1 * abs(b))
  }

  /// Whether a line fits one in which `…` stands for any characters.
  private static func fitsCharacters(_ line: String, _ shown: String) -> Bool {
    let parts = shown.split(separator: "…", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return line == shown }
    guard line.hasPrefix(parts[0]) else { return false }
    var rest = line.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard let place = rest.firstRange(of: part) else { return false }
      rest = rest[place.upperBound...]
    }
    return rest.count >= parts[parts.count - 1].count && rest.hasSuffix(parts[parts.count - 1])
  }
}
