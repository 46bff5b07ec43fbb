import LayerKit

/// Packs buffers that live at different times into one block of memory.
///
/// Buffers are placed in the order of their first step, each into the smallest free gap that holds it; what
/// a step no longer needs is free for the next. That is best fit with joining of neighbours, in time
/// proportional to the number of buffers times the number of gaps.
struct MemoryPlanner {
  /// The free gaps below `end`, by offset, none touching the next.
  private var gaps: [(offset: Int, size: Int)] = []
  private var end = 0

  /// Gives each buffer its offset, and returns the bytes of the whole block.
  static func place(_ buffers: inout [Buffer]) -> Int {
    var planner = MemoryPlanner()
    let byStart = buffers.indices.sorted {
      (buffers[$0].life.lowerBound, $0) < (buffers[$1].life.lowerBound, $1)
    }
    let byEnd = buffers.indices.sorted {
      (buffers[$0].life.upperBound, $0) < (buffers[$1].life.upperBound, $1)
    }
    var released = 0
    for index in byStart {
      while released < byEnd.count, buffers[byEnd[released]].life.upperBound < buffers[index].life.lowerBound
      {
        let old = buffers[byEnd[released]]
        planner.release(old.offset, alignedUp(old.type.byteCount))
        released += 1
      }
      buffers[index].offset = planner.take(alignedUp(buffers[index].type.byteCount))
    }
    return planner.end
  }

  private mutating func take(_ size: Int) -> Int {
    var best: Int?
    for (index, gap) in gaps.enumerated() where gap.size >= size {
      if best.map({ gaps[$0].size > gap.size }) ?? true { best = index }
    }
    if let best {
      let offset = gaps[best].offset
      if gaps[best].size == size {
        gaps.remove(at: best)
      } else {
        gaps[best] = (saturatingSum(offset, size), gaps[best].size - size)
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

  private mutating func release(_ offset: Int, _ size: Int) {
    guard size > 0 else { return }
    var low = 0
    var high = gaps.count
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    gaps.insert((offset, size), at: low)
    if low + 1 < gaps.count, saturatingSum(offset, size) == gaps[low + 1].offset {
      gaps[low].size = saturatingSum(gaps[low].size, gaps[low + 1].size)
      gaps.remove(at: low + 1)
    }
    if low > 0, saturatingSum(gaps[low - 1].offset, gaps[low - 1].size) == gaps[low].offset {
      gaps[low - 1].size = saturatingSum(gaps[low - 1].size, gaps[low].size)
      gaps.remove(at: low)
    }
  }
}
