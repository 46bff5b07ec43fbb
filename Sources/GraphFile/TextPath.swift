import Diagnostics
import JSONText

/// Names the part of the graph that a place in the text lies in, for faults that know line and column alone.
struct TextPath {
  private let root: JSONValue
  private let bytes: [UInt8]

  init(_ root: JSONValue, _ bytes: [UInt8]) {
    self.root = root
    self.bytes = bytes
  }

  /// The faults, in the order of their places, each with the path of what it lies in where it has none.
  func naming(_ faults: [Fault]) -> [Fault] {
    var walk = Walk()
    return Faults(faults).inOrder().all.map { fault in
      guard fault.place.isEmpty, let text = fault.text else { return fault }
      var named = fault
      named.place = path(at: walk.offset(of: text, in: bytes))
      return named
    }
  }

  private func path(at offset: Int) -> String {
    var path = ""
    var value = root
    while true {
      if let members = value.members,
        let index = Self.index(of: offset, among: members.count, { members[$0].value })
      {
        let member = members[index]
        let isName = ["inputs", "outputs", "blocks"].contains(path)
        let isBlockNodes = member.key == "nodes" && path.hasPrefix("blocks.") && !path.contains(",")
        let key = member.key.excerpt(60)
        path = isName || isBlockNodes ? "\(path).\(key)" : GraphReader.inside(path, key)
        value = member.value
      } else if let elements = value.elements,
        let index = Self.index(of: offset, among: elements.count, { elements[$0] })
      {
        let name = path.hasSuffix("nodes") ? elements[index]["name"]?.string : nil
        path += "[\(index)]" + (name.map { " \"\($0.excerpt(60))\"" } ?? "")
        value = elements[index]
      } else {
        return path
      }
    }
  }

  /// The index of the value that holds the offset, among values in the order of the text.
  private static func index(of offset: Int, among count: Int, _ value: (Int) -> JSONValue) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if value(middle).range.upperBound > offset { high = middle } else { low = middle + 1 }
    }
    return low < count && value(low).range.contains(offset) ? low : nil
  }

  /// One pass over the text that finds the offsets of ascending places.
  private struct Walk {
    private var offset = 0
    private var place = TextPlace(line: 1, column: 1)

    mutating func offset(of wanted: TextPlace, in bytes: [UInt8]) -> Int {
      while offset < bytes.count, place < wanted {
        if bytes[offset] == 0x0A {
          place = TextPlace(line: place.line + 1, column: 1)
        } else if offset + 1 >= bytes.count || bytes[offset + 1] & 0xC0 != 0x80 {
          // The last byte of a scalar: the next one stands a column further.
          place.column += 1
        }
        offset += 1
      }
      return offset
    }
  }
}
