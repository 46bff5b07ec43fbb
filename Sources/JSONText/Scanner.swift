import Diagnostics

/// One pass over the bytes: the grammar of RFC 8259, UTF-8, surrogates, depth, duplicate keys and places.
struct Scanner {
  /// What may come next.
  enum Expected { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd, end }

  /// An array or object that is still open.
  struct Frame {
    var node: Int
    var isObject: Bool
    var count: UInt32 = 0
    /// The position of the latest comma.
    var comma = 0
    var lastKey = -1
    var hasNul = false
    /// Set while the value of a duplicate key is read.
    var duplicate: Skeleton.Mark?
    var keys = KeyIndex()
  }

  let bytes: UnsafeBufferPointer<UInt8>
  let depthLimit: Int
  var position = 0
  var line = 1
  /// The position of the first byte of the line.
  var lineStart = 0
  /// Bytes since `lineStart` that continue a scalar: columns count scalars.
  var continuations = 0
  var expected = Expected.value
  var frames: [Frame] = []
  var skeleton = Skeleton()
  var duplicates = DuplicateKeys()

  init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    // Counting first avoids the copies of a growing array: a value follows a comma or a bracket.
    var count = 1
    for byte in bytes where byte == 0x2C || byte == 0x5B || byte == 0x7B { count += 1 }
    skeleton.nodes.reserveCapacity(count)
  }

  /// The byte at an index; NUL, which no rule accepts, behind the end.
  @inline(__always)
  func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  func place(at index: Int) -> TextPlace {
    TextPlace(line: line, column: index - lineStart - continuations + 1)
  }

  /// What was recorded, with the patches in the order of the text.
  func finished() -> Skeleton {
    var skeleton = self.skeleton
    skeleton.patches.sort { $0.range.lowerBound < $1.range.lowerBound }
    return skeleton
  }

  mutating func scan() throws(Faults) {
    if byte(at: 0) == 0xEF, byte(at: 1) == 0xBB, byte(at: 2) == 0xBF {
      throw fault(at: 0, "found a byte order mark: JSON text begins without one")
    }
    while true {
      skipWhiteSpace()
      guard position < bytes.count else {
        if expected == .end { return }
        throw unexpected()
      }
      try step(bytes[position])
    }
  }

  private mutating func skipWhiteSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0D: position += 1
      case 0x0A:
        position += 1
        line += 1
        lineStart = position
        continuations = 0
      default: return
      }
    }
  }

  private mutating func step(_ byte: UInt8) throws(Faults) {
    switch expected {
    case .value: try value(byte)
    case .valueOrEnd:
      if byte == UInt8(ascii: "]") { close() } else { try value(byte) }
    case .key: try key(byte)
    case .keyOrEnd:
      if byte == UInt8(ascii: "}") { close() } else { try key(byte) }
    case .colon:
      guard byte == UInt8(ascii: ":") else { throw unexpected() }
      position += 1
      expected = .value
    case .commaOrEnd: try commaOrEnd(byte)
    case .end: throw unexpected()
    }
  }

  private mutating func commaOrEnd(_ byte: UInt8) throws(Faults) {
    let top = frames.count - 1
    let isObject = frames[top].isObject
    if byte == UInt8(ascii: ",") {
      frames[top].comma = position
      position += 1
      expected = isObject ? .key : .value
    } else if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      close()
    } else {
      throw unexpected()
    }
  }

  private mutating func value(_ byte: UInt8) throws(Faults) {
    let node = skeleton.nodes.count
    skeleton.nodes.append(
      Skeleton.Node(
        start: UInt32(truncatingIfNeeded: position), line: UInt32(truncatingIfNeeded: line),
        column: UInt32(truncatingIfNeeded: position - lineStart - continuations + 1)))
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      try open(node, isObject: byte == UInt8(ascii: "{"))
      return
    case UInt8(ascii: "\""): _ = try scanString()
    case UInt8(ascii: "-"), 0x30...0x39: try scanNumber()
    case UInt8(ascii: "t"): try scanLiteral("true")
    case UInt8(ascii: "f"): try scanLiteral("false")
    case UInt8(ascii: "n"): try scanLiteral("null")
    default: throw unexpected()
    }
    finish(node)
  }

  private mutating func open(_ node: Int, isObject: Bool) throws(Faults) {
    guard frames.count < depthLimit else {
      throw Faults(
        Fault(
          .limit, text: place(at: position),
          "arrays and objects are nested deeper here than the limit of \(depthLimit)"))
    }
    frames.append(Frame(node: node, isObject: isObject))
    position += 1
    expected = isObject ? .keyOrEnd : .valueOrEnd
  }

  private mutating func close() {
    let frame = frames.removeLast()
    position += 1
    skeleton.nodes[frame.node].count = frame.count
    if frame.hasNul { skeleton.renumberKeys(ofObject: frame.node, lastKey: frame.lastKey) }
    finish(frame.node)
  }

  /// The value that begins at `node` ends before `position`.
  private mutating func finish(_ node: Int) {
    skeleton.nodes[node].end = UInt32(truncatingIfNeeded: position)
    skeleton.nodes[node].after = UInt32(truncatingIfNeeded: skeleton.nodes.count)
    let top = frames.count - 1
    guard top >= 0 else {
      expected = .end
      return
    }
    expected = .commaOrEnd
    if let mark = frames[top].duplicate {
      frames[top].duplicate = nil
      skeleton.drop(since: mark, bytes: frames[top].comma..<position)
    } else {
      frames[top].count &+= 1
    }
  }

  private mutating func key(_ byte: UInt8) throws(Faults) {
    guard byte == UInt8(ascii: "\"") else { throw unexpected() }
    let start = position
    let place = place(at: start)
    let escaped = try scanString()
    let text = keyText(start + 1..<position - 1, escaped: escaped)
    let top = frames.count - 1
    expected = .colon
    if let first = frames[top].keys.find(text, last: frames[top].lastKey, in: skeleton.keys) {
      let key = skeleton.keys[first]
      duplicates.append(text, at: place, first: TextPlace(line: Int(key.line), column: Int(key.column)))
      frames[top].duplicate = skeleton.mark
      return
    }
    if escaped, text.utf8.contains(0) { frames[top].hasNul = true }
    let index = skeleton.keys.count
    skeleton.keys.append(
      Skeleton.Key(
        text: text, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position),
        line: UInt32(truncatingIfNeeded: place.line), column: UInt32(truncatingIfNeeded: place.column),
        previous: Int32(truncatingIfNeeded: frames[top].lastKey)))
    frames[top].lastKey = index
    frames[top].keys.add(text, index: index, in: skeleton.keys)
  }
}
