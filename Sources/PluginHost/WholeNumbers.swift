/// The whole numbers between the points of `1.0.2`, without leading zeros; nil for any other text.
func wholeNumbers(of text: String) -> [UInt32]? {
  var numbers: [UInt32] = []
  for word in text.split(separator: ".", omittingEmptySubsequences: false) {
    guard word.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(word),
      word.utf8.count == 1 || word.utf8.first != UInt8(ascii: "0")
    else { return nil }
    numbers.append(number)
  }
  return numbers
}
