/// Whether the whole of `text` fits `pattern`: `*` stands for any run of characters, `/` and `.` too, `?` for
/// one Unicode scalar, everything else for itself; case counts.
public func matches(pattern: String, text: String) -> Bool {
  let pattern = Array(pattern.unicodeScalars)
  let text = Array(text.unicodeScalars)
  var patternIndex = 0
  var textIndex = 0
  // What stands before the last star is settled once; only the star's own run is ever made longer.
  var afterStar: Int?
  var runEnd = 0
  while textIndex < text.count {
    if patternIndex < pattern.count, pattern[patternIndex] == "*" {
      patternIndex += 1
      afterStar = patternIndex
      runEnd = textIndex
    } else if patternIndex < pattern.count,
      pattern[patternIndex] == "?" || pattern[patternIndex] == text[textIndex]
    {
      patternIndex += 1
      textIndex += 1
    } else if let start = afterStar {
      runEnd += 1
      patternIndex = start
      textIndex = runEnd
    } else {
      return false
    }
  }
  return pattern[patternIndex...].allSatisfy { $0 == "*" }
}
