import LayerKit

/// Packs buffers that live at different times into one block of memory.
///
/// No packing is known to be always good, so several are tried, the cheap ones first, and the smallest block is
/// taken; the search ends where a block is as small as the lives of its buffers allow.
struct MemoryPlanner {
  /// What is placed: a buffer's bytes, rounded up, and the steps that use it.
  struct Item: Hashable, Sendable {
    var size: Int
    var life: ClosedRange<Int>
  }

  /// An offset for each item, and the bytes of the whole block.
  struct Placement: Sendable {
    var offsets: [Int]
    var end: Int
  }

  /// The buffers up to which packings are tried that compare each buffer with all others.
  static let mostCompared = 2048
  /// How often a packing is tried again with another order, and how many comparisons that may take.
  static let mostRounds = 100
  static let mostComparisons = 1 << 22
  /// How far above the bound a block may be, as a part of it, before those are tried: a 50th.
  static let sparedPart = 50

  /// Gives each buffer its offset, and returns the bytes of the whole block.
  static func place(_ buffers: inout [Buffer]) -> Int {
    let items = buffers.map { Item(size: alignedUp($0.type.byteCount), life: $0.life) }
    let placement = place(items)
    for index in buffers.indices { buffers[index].offset = placement.offsets[index] }
    return placement.end
  }

  /// The smallest block that the strategies find; the same for the same items.
  static func place(_ items: [Item]) -> Placement {
    let (bound, peak) = MemoryBound.of(items)
    var best = SweepPlacement.place(items, outwardFrom: peak, .best)
    func take(_ other: Placement) { if other.end < best.end { best = other } }
    // Before the first step nothing lives, nor behind the last: those are sweeps in one direction.
    let last = items.reduce(0) { max($0, $1.life.upperBound) }
    for (cut, fit) in [
      (-1, SweepPlacement.Fit.best), (peak, .lowest), (last + 1, .best), (-1, .lowest), (last + 1, .lowest),
    ] where best.end > bound {
      take(SweepPlacement.place(items, outwardFrom: cut, fit))
    }
    guard items.count <= mostCompared else { return best }
    let enough = saturatingSum(bound, bound / sparedPart)
    for order in RankedPlacement.Order.allCases where best.end > enough {
      take(RankedPlacement.place(items, by: order))
    }
    let rounds = min(mostRounds, mostComparisons / max(1, items.count * items.count))
    for order in RankedPlacement.Order.allCases where best.end > enough {
      take(RankedPlacement.improve(items, by: order, rounds: rounds, enough: enough))
    }
    return best
  }
}
