import JSONText

/// An order of nodes in which each stands behind what it reads.
public enum NodeOrder {
  /// The indices of the nodes, again and again the first whose sources are there; nodes of a cycle, and those
  /// behind one, are left out. Takes n log n steps.
  public static func order(sources: [[Int]]) -> [Int] {
    var readers = [[Int]](repeating: [], count: sources.count)
    var missing = sources.map(\.count)
    for (index, owners) in sources.enumerated() { for owner in owners { readers[owner].append(index) } }
    // In ascending order the indices are a heap as they stand.
    var ready = IndexHeap(ascending: sources.indices.filter { missing[$0] == 0 })
    var order: [Int] = []
    order.reserveCapacity(sources.count)
    while let index = ready.removeSmallest() {
      order.append(index)
      for reader in readers[index] {
        missing[reader] -= 1
        if missing[reader] == 0 { ready.insert(reader) }
      }
    }
    return order
  }

  /// The order of the canonical form: what is no node's name counts as there; nodes of a cycle, and those
  /// behind one, follow in the order of the file.
  static func byDependency(_ nodes: [JSONValue]) -> [Int] {
    var indices: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      guard let name = node["name"]?.string, indices[name] == nil else { continue }
      indices[name] = index
    }
    let order = order(sources: nodes.map { references(of: $0).compactMap { indices[$0] } })
    let placed = Set(order)
    return order + nodes.indices.filter { !placed.contains($0) }
  }

  /// The names of the inputs and nodes that a node reads.
  private static func references(of node: JSONValue) -> [String] {
    let inputs = node["inputs"]
    let values = inputs?.elements ?? inputs?.members?.filter { !$0.isExtension }.map(\.value) ?? []
    return values.compactMap { $0.string.flatMap { ValueReference($0)?.name } }
  }
}

/// A binary heap of indices, the smallest on top.
private struct IndexHeap {
  private var items: [Int]

  init(ascending items: [Int]) { self.items = items }

  mutating func insert(_ item: Int) {
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeSmallest() -> Int? {
    guard let smallest = items.first else { return nil }
    let last = items.removeLast()
    guard !items.isEmpty else { return smallest }
    items[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && items[child] < items[least] {
        least = child
      }
      if least == parent { return smallest }
      items.swapAt(parent, least)
      parent = least
    }
  }
}
