/// The offset of the first byte that does not belong to valid UTF-8, or nil.
func firstInvalidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  var position = 0
  while position < bytes.count {
    if bytes[position] < 0x80 {
      position += 1
      continue
    }
    guard let length = sequenceLength(bytes, at: position) else { return position }
    position += length
  }
  return nil
}

/// The length of the sequence of two to four bytes that begins at `position`, or nil where it is malformed.
private func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int? {
  let first = bytes[position]
  // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
  let (length, second): (Int, ClosedRange<UInt8>) =
    switch first {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: (0, 0x80...0xBF)
    }
  guard length > 0, length <= bytes.count - position, second.contains(bytes[position + 1]) else { return nil }
  for next in 2..<4 where next < length {
    guard bytes[position + next] & 0xC0 == 0x80 else { return nil }
  }
  return length
}
