/// The candidate that `word` most probably meant, or nil where none is near.
///
/// Near means a Damerau-Levenshtein distance (optimal string alignment) of at most a third of the longer
/// word's length, and at least 1; equal distances go to the candidate that comes first in the alphabet.
public func nearest<Candidates: Sequence>(to word: String, among candidates: Candidates) -> String?
where Candidates.Element == String {
  let sought = letters(of: word)
  guard !sought.isEmpty else { return nil }
  var rows = AlignmentRows()
  var best: (distance: Int, word: String)?
  for candidate in candidates where candidate != word {
    let found = letters(of: candidate)
    let limit = max(1, max(sought.count, found.count) / 3)
    guard abs(sought.count - found.count) <= limit else { continue }
    let distance = rows.distance(sought, found, limit: min(limit, best?.distance ?? limit))
    guard distance <= limit else { continue }
    if let best, (best.distance, best.word) <= (distance, candidate) { continue }
    best = (distance, candidate)
  }
  return best?.word
}

/// The first 64 letters of a word, all small.
private func letters(of word: String) -> [UInt32] {
  var letters: [UInt32] = []
  letters.reserveCapacity(min(64, word.utf8.count))
  for byte in word.utf8 {
    if letters.count == 64 { return letters }
    guard byte < 0x80 else { return word.lowercased().unicodeScalars.prefix(64).map(\.value) }
    letters.append(UInt32((0x41...0x5A).contains(byte) ? byte | 0x20 : byte))
  }
  return letters
}

/// The rows of the table that the distance is computed in, kept from word to word.
private struct AlignmentRows {
  private var beforeLast = [Int](repeating: 0, count: 65)
  private var last = [Int](repeating: 0, count: 65)
  private var row = [Int](repeating: 0, count: 65)

  /// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours; some
  /// number above `limit` where it is above.
  mutating func distance(_ a: [UInt32], _ b: [UInt32], limit: Int) -> Int {
    for j in 0...b.count { last[j] = j }
    for i in 0..<a.count {
      row[0] = i + 1
      var least = i + 1
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row[j + 1] = cost
        least = min(least, cost)
      }
      // A swap costs one over the row before the last, so that one row above the limit settles nothing.
      if least > limit + 1 { return least }
      swap(&beforeLast, &last)
      swap(&last, &row)
    }
    return last[b.count]
  }
}
