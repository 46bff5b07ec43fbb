import LayerKit

/// What no packing can go below: the bytes of all buffers that live at one step, for the step with the most.
enum MemoryBound {
  /// The bound, and the first step that reaches it; 0 bytes at step 0 for no items.
  static func of(_ items: [MemoryPlanner.Item]) -> (bytes: Int, step: Int) {
    let last = items.reduce(0) { max($0, $1.life.upperBound) }
    // Sizes that a file asks for may add up to more than an Int holds; what is added is taken off again.
    var changes = [Int128](repeating: 0, count: last + 2)
    for item in items {
      changes[item.life.lowerBound] += Int128(item.size)
      changes[item.life.upperBound + 1] -= Int128(item.size)
    }
    var alive: Int128 = 0
    var most: (bytes: Int128, step: Int) = (0, 0)
    for (step, change) in changes.enumerated() {
      alive += change
      if alive > most.bytes { most = (alive, step) }
    }
    return (Int(clamping: most.bytes), most.step)
  }
}

extension Plan {
  /// The bytes that the plan's buffers take at least, however they are packed: the most that live at one step.
  public var leastArenaByteCount: Int {
    MemoryBound.of(
      buffers.map { MemoryPlanner.Item(size: alignedUp($0.type.byteCount), life: $0.life) }
    ).bytes
  }
}
