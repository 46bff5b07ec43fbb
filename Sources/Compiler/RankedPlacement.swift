import LayerKit

/// Places buffers by rank: each at the lowest offset where nothing placed before lives at the same time.
///
/// The time is proportional to the number of buffers squared, and more, so it is for plans of moderate size.
enum RankedPlacement {
  /// What is placed first.
  enum Order: Hashable, Sendable, CaseIterable {
    /// The largest.
    case size
    /// The largest product of size and length of life.
    case area
    /// The longest life.
    case life
  }

  /// Places all items, those that the order ranks highest first.
  static func place(_ items: [MemoryPlanner.Item], by order: Order) -> MemoryPlanner.Placement {
    place(items, inOrder: ranked(items, by: order))
  }

  /// The items that take memory, in the order in which they are placed.
  static func ranked(_ items: [MemoryPlanner.Item], by order: Order) -> [Int] {
    let ranks = items.map { rank($0, order) }
    return items.indices.filter { items[$0].size > 0 }.sorted { a, b in
      (ranks[b].0, ranks[b].1, a) < (ranks[a].0, ranks[a].1, b)
    }
  }

  /// Places all items again and again, each time first what stood highest the time before, and gives the
  /// smallest block; ends after `rounds`, or where the block has at most `enough` bytes.
  static func improve(
    _ items: [MemoryPlanner.Item], by order: Order, rounds: Int, enough: Int
  ) -> MemoryPlanner.Placement {
    var sorted = ranked(items, by: order)
    var found = place(items, inOrder: sorted)
    var best = found
    for _ in 0..<rounds where best.end > enough {
      let highest = sorted.indices.filter {
        saturatingSum(found.offsets[sorted[$0]], items[sorted[$0]].size) == found.end
      }
      guard let last = highest.last, last > 0 else { break }
      sorted.insert(sorted.remove(at: last), at: 0)
      found = place(items, inOrder: sorted)
      if found.end < best.end { best = found }
    }
    return best
  }

  private static func place(
    _ items: [MemoryPlanner.Item], inOrder sorted: [Int]
  ) -> MemoryPlanner.Placement {
    var offsets = [Int](repeating: 0, count: items.count)
    var end = 0
    /// Those placed so far, by offset.
    var placed: [Int] = []
    for index in sorted {
      let item = items[index]
      var offset = 0
      var smallestGap = Int.max
      var free = 0
      for other in placed where items[other].life.overlaps(item.life) {
        let gap = offsets[other] - free
        if gap >= item.size, gap < smallestGap { (smallestGap, offset) = (gap, free) }
        free = max(free, saturatingSum(offsets[other], items[other].size))
      }
      if smallestGap == .max { offset = free }
      offsets[index] = offset
      end = max(end, saturatingSum(offset, item.size))
      var low = 0
      var high = placed.count
      while low < high {
        let middle = (low + high) / 2
        if offsets[placed[middle]] <= offset { low = middle + 1 } else { high = middle }
      }
      placed.insert(index, at: low)
    }
    return MemoryPlanner.Placement(offsets: offsets, end: end)
  }

  private static func rank(_ item: MemoryPlanner.Item, _ order: Order) -> (Int, Int) {
    switch order {
    case .size: (item.size, item.life.count)
    case .area: (saturatingProduct(item.size, item.life.count), item.size)
    case .life: (item.life.count, item.size)
    }
  }
}
