import Diagnostics

/// Finds a key among those of one object: by looking at each while they are few, then by a table.
struct KeyIndex {
  private static let few = 16
  private var count = 0
  private var table: [ExactKey: Int] = [:]

  /// The index of the key in `keys`, where the object has it already; `last` is the object's latest key.
  func find(_ text: String, last: Int, in keys: [Skeleton.Key]) -> Int? {
    if count > Self.few { return table[ExactKey(text: text)] }
    var index = last
    var found: Int?
    while index >= 0 {
      if keys[index].text.hasSameBytes(as: text) { found = index }
      index = Int(keys[index].previous)
    }
    return found
  }

  mutating func add(_ text: String, index: Int, in keys: [Skeleton.Key]) {
    count += 1
    guard count > Self.few else { return }
    if table.isEmpty {
      var earlier = index
      while earlier >= 0 {
        table[ExactKey(text: keys[earlier].text)] = earlier
        earlier = Int(keys[earlier].previous)
      }
    } else {
      table[ExactKey(text: text)] = index
    }
  }
}

/// A key that is equal and hashed by its bytes: the hash of `String` is the same for all spellings of accented
/// letters, so that a text made for the purpose could fill one bucket.
private struct ExactKey: Hashable {
  let text: String

  static func == (a: ExactKey, b: ExactKey) -> Bool { a.text.hasSameBytes(as: b.text) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The faults of duplicate keys: each of the first thousand, then one that says how many more there are.
struct DuplicateKeys {
  static let most = 1000
  private var listed: [Fault] = []
  private var unlisted = 0

  mutating func append(_ key: String, at place: TextPlace, first: TextPlace) {
    guard listed.count < Self.most else {
      unlisted += 1
      return
    }
    let name = JSONValue.string(key).excerpt
    listed.append(Fault(text: place, "duplicate key \(name); first at \(first)"))
  }

  var all: [Fault] {
    unlisted == 0 ? listed : listed + [Fault(.input, "and \(unlisted) more duplicate keys")]
  }
}
