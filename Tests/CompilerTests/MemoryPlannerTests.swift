import LayerKit
import Testing

@testable import Compiler

@Suite struct MemoryPlannerTests {
  private func buffer(_ bytes: Int, _ life: ClosedRange<Int>) -> Buffer {
    Buffer(type: ConcreteType(.bool, [bytes]), offset: 0, life: life)
  }

  @Test func whatLivesAtDifferentTimesSharesItsPlace() {
    var buffers = [buffer(64, 0...1), buffer(128, 1...2), buffer(64, 2...3)]
    #expect(MemoryPlanner.place(&buffers) == 192)
    #expect(buffers.map(\.offset) == [0, 64, 0])
  }

  /// Sizes whose sum no integer holds: the sum is over every limit, and nothing traps.
  @Test func sizesBeyondAllNumbersAddUpToTheLargest() {
    var buffers: [Buffer] = []
    for step in 0..<40 {
      for size in [Int.max, Int.max - 64, 1 << 62, 64] {
        buffers.append(buffer(size, step...step + step % 5))
      }
    }
    #expect(MemoryPlanner.place(&buffers) == Int.max)
  }
}
