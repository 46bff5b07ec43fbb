/// The candidate that `word` most probably meant, or nil where none is near.
///
/// Near means a Damerau-Levenshtein distance (optimal string alignment) of at most a third of the longer
/// word's length, and at least 1; equal distances go to the candidate that comes first in the alphabet.
public func nearest<Candidates: Sequence>(to word: String, among candidates: Candidates) -> String?
where Candidates.Element == String {
  let sought = Array(word.lowercased().unicodeScalars.prefix(64))
  guard !sought.isEmpty else { return nil }
  var best: (distance: Int, word: String)?
  for candidate in candidates where candidate != word {
    let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
    let limit = max(1, max(sought.count, letters.count) / 3)
    guard abs(sought.count - letters.count) <= limit else { continue }
    let found = distance(sought, letters)
    guard found <= limit else { continue }
    if let best, (best.distance, best.word) <= (found, candidate) { continue }
    best = (found, candidate)
  }
  return best?.word
}

/// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
private func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in 0..<b.count {
      row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
