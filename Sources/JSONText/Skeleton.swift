/// What the pass over the bytes records: every value in the order of the text, parents before children.
struct Skeleton {
  /// A value: its bytes, its place, and how many nodes its subtree takes.
  struct Node {
    var start: UInt32
    var end: UInt32 = 0
    var line: UInt32
    var column: UInt32
    /// Elements or members that the tree keeps.
    var count: UInt32 = 0
    /// The index of the node that follows the subtree.
    var after: UInt32 = 0
  }

  /// A key of an object: its bytes with the quotes, its place, and the key before it in the same object.
  struct Key {
    var text: String
    var start: UInt32
    var end: UInt32
    var line: UInt32
    var column: UInt32
    var previous: Int32
  }

  /// Bytes that json-c gets to see otherwise than they are in the source.
  struct Patch {
    var range: Range<Int>
    var replacement: [UInt8]
  }

  var nodes: [Node] = []
  var keys: [Key] = []
  /// json-c takes the last of duplicate keys and cuts a key at a NUL: it sees neither.
  var patches: [Patch] = []
  /// The objects whose keys json-c sees as ordinal numbers, because one of them holds a NUL.
  var renumbered: [Int] = []

  /// The state to return to when a duplicate member has been read and is dropped.
  struct Mark {
    var nodes: Int
    var keys: Int
    var patches: Int
  }

  var mark: Mark { Mark(nodes: nodes.count, keys: keys.count, patches: patches.count) }

  /// Forgets what was recorded since the mark; json-c does not see those bytes either.
  mutating func drop(since mark: Mark, bytes: Range<Int>) {
    nodes.removeSubrange(mark.nodes...)
    keys.removeSubrange(mark.keys...)
    patches.removeSubrange(mark.patches...)
    while let last = renumbered.last, last >= mark.nodes { renumbered.removeLast() }
    patches.append(Patch(range: bytes, replacement: []))
  }

  /// Gives json-c ordinal numbers for the keys of an object, from its last key backwards.
  mutating func renumberKeys(ofObject node: Int, lastKey: Int) {
    renumbered.append(node)
    var index = lastKey
    while index >= 0 {
      let key = keys[index]
      patches.append(
        Patch(range: Int(key.start)..<Int(key.end), replacement: Array("\"\(index)\"".utf8)))
      index = Int(key.previous)
    }
  }
}
