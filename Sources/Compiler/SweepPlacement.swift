import LayerKit

/// Places buffers in the order in which a sweep over the steps meets them.
///
/// What lives at the step where the sweep begins is stacked without a gap, the longest life lowest, so that what
/// is needed longest is out of the way. From there one sweep goes on to later steps and one back to earlier
/// ones; they cannot meet. Each gives a buffer a gap that others left, else new memory at the end. The time is
/// proportional to the number of buffers times the number of gaps.
enum SweepPlacement {
  /// Which of the gaps that are large enough is taken.
  enum Fit: Sendable {
    /// The smallest.
    case best
    /// The one at the lowest offset.
    case lowest
  }

  /// Places all items; `cut` is the step where both sweeps begin, which may lie before or behind all lives.
  static func place(
    _ items: [MemoryPlanner.Item], outwardFrom cut: Int, _ fit: Fit
  ) -> MemoryPlanner.Placement {
    var offsets = [Int](repeating: 0, count: items.count)
    var stacked: [Int] = []
    var later: [Int] = []
    var earlier: [Int] = []
    for (index, item) in items.enumerated() where item.size > 0 {
      if item.life.lowerBound > cut {
        later.append(index)
      } else if item.life.upperBound < cut {
        earlier.append(index)
      } else {
        stacked.append(index)
      }
    }
    stacked.sort { (-items[$0].life.count, $0) < (-items[$1].life.count, $1) }
    var end = 0
    for index in stacked {
      offsets[index] = end
      end = saturatingSum(end, items[index].size)
    }
    let forward = items.map(\.life)
    // Backwards in time, a life begins where it ends.
    let backward = forward.map { -$0.upperBound ... -$0.lowerBound }
    var ends = [end, end]
    for (side, (lives, swept)) in [(forward, later), (backward, earlier)].enumerated() {
      sweep(items, lives, stacked: stacked, swept, fit, &offsets, &ends[side])
    }
    return MemoryPlanner.Placement(offsets: offsets, end: max(ends[0], ends[1]))
  }

  private static func sweep(
    _ items: [MemoryPlanner.Item], _ lives: [ClosedRange<Int>], stacked: [Int], _ swept: [Int], _ fit: Fit,
    _ offsets: inout [Int], _ end: inout Int
  ) {
    guard !swept.isEmpty else { return }
    var gaps = MemoryGaps(end: end)
    let byStart = swept.sorted { (lives[$0].lowerBound, $0) < (lives[$1].lowerBound, $1) }
    let byEnd = (stacked + swept).sorted { (lives[$0].upperBound, $0) < (lives[$1].upperBound, $1) }
    var released = 0
    for index in byStart {
      while released < byEnd.count, lives[byEnd[released]].upperBound < lives[index].lowerBound {
        gaps.release(offsets[byEnd[released]], items[byEnd[released]].size)
        released += 1
      }
      offsets[index] = gaps.take(items[index].size, fit)
    }
    end = gaps.end
  }
}

/// The free parts of a block that grows.
private struct MemoryGaps {
  /// The free gaps below `end`, by offset, none touching the next.
  private var gaps: [(offset: Int, size: Int)] = []
  private(set) var end: Int

  init(end: Int) { self.end = end }

  mutating func take(_ size: Int, _ fit: SweepPlacement.Fit) -> Int {
    if let index = place(for: size, fit) {
      let offset = gaps[index].offset
      if gaps[index].size == size {
        gaps.remove(at: index)
      } else {
        gaps[index] = (saturatingSum(offset, size), gaps[index].size - size)
      }
      return offset
    }
    // The last gap grows where it ends the block, so that the block stays small.
    if let last = gaps.last, saturatingSum(last.offset, last.size) == end {
      gaps.removeLast()
      end = saturatingSum(last.offset, size)
      return last.offset
    }
    let offset = end
    end = saturatingSum(end, size)
    return offset
  }

  private func place(for size: Int, _ fit: SweepPlacement.Fit) -> Int? {
    var best: Int?
    for (index, gap) in gaps.enumerated() where gap.size >= size {
      if fit == .lowest || gap.size == size { return index }
      if best.map({ gaps[$0].size > gap.size }) ?? true { best = index }
    }
    return best
  }

  mutating func release(_ offset: Int, _ size: Int) {
    var low = 0
    var high = gaps.count
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    let joinsNext = low < gaps.count && saturatingSum(offset, size) == gaps[low].offset
    let joinsBefore = low > 0 && saturatingSum(gaps[low - 1].offset, gaps[low - 1].size) == offset
    switch (joinsBefore, joinsNext) {
    case (true, true):
      gaps[low - 1].size = saturatingSum(saturatingSum(gaps[low - 1].size, size), gaps[low].size)
      gaps.remove(at: low)
    case (true, false): gaps[low - 1].size = saturatingSum(gaps[low - 1].size, size)
    case (false, true): gaps[low] = (offset, saturatingSum(size, gaps[low].size))
    case (false, false): gaps.insert((offset, size), at: low)
    }
  }
}
