/// The names of nodes and uses with faults: what refers to them is not judged.
struct FaultyNames {
  /// Above so many, every name could be one of them.
  private static let most = 1000

  /// Whether any name could be that of something faulty.
  private(set) var isUnsure: Bool
  private var nodes: Set<String> = []
  private var uses: [String] = []

  init(isUnsure: Bool) { self.isUnsure = isUnsure }

  mutating func add(node: String) {
    nodes.insert(node)
    if nodes.count > Self.most { isUnsure = true }
  }

  mutating func add(use: String) {
    nodes.insert(use)
    uses.append(use)
    if uses.count > Self.most { isUnsure = true }
  }

  /// The names, as candidates for what was meant.
  var names: [String] { Array(nodes) }

  /// Whether a reference could mean a value of one of them.
  func couldMean(value reference: String) -> Bool {
    if isUnsure { return true }
    let node = reference.split(separator: ".", maxSplits: 1).first.map(String.init) ?? reference
    if nodes.contains(node) || node == "" { return true }
    // The value of a use is that of a node in it.
    if nodes.contains(where: { $0.isInside(node) }) { return true }
    return uses.contains { node.isInside($0) }
  }

  /// Whether a pattern could match a parameter of one of them.
  func couldMean(pattern: String) -> Bool {
    isUnsure || nodes.contains { couldMatch(pattern, prefix: $0 + ".") }
      || uses.contains { couldMatch(pattern, prefix: $0 + "/") || couldMatch(pattern, prefix: $0 + "_") }
  }

  /// Whether a pattern matches a text that begins with `prefix`.
  private func couldMatch(_ pattern: String, prefix: String) -> Bool {
    let pattern = Array(pattern.unicodeScalars)
    // The places in the pattern that can be reached behind the letters so far.
    var reached: Set<Int> = [0]
    for letter in prefix.unicodeScalars {
      var next: Set<Int> = []
      for start in reached {
        var place = start
        while place < pattern.count, pattern[place] == "*" {
          next.insert(place)
          place += 1
        }
        if place < pattern.count, pattern[place] == "?" || pattern[place] == letter { next.insert(place + 1) }
      }
      reached = next
      if reached.isEmpty { return false }
    }
    return true
  }
}

extension String {
  /// Whether the name is that of a node in a use: `body/first`, `body_3/first`.
  fileprivate func isInside(_ use: String) -> Bool {
    guard utf8.count > use.utf8.count, hasPrefix(use) else { return false }
    let rest = dropFirst(use.count)
    return rest.first == "/" || rest.first == "_" && rest.contains("/")
  }
}
