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

  @Test func nothingTakesNoMemory() {
    var none: [Buffer] = []
    #expect(MemoryPlanner.place(&none) == 0)
    var empty = [buffer(0, 0...3), buffer(0, 2...2)]
    #expect(MemoryPlanner.place(&empty) == 0)
  }

  @Test func theBoundIsTheMostThatLivesAtOneStep() {
    #expect(MemoryBound.of([]) == (0, 0))
    let items = [(64, 0...2), (128, 1...3), (64, 3...3), (192, 4...9)].map {
      MemoryPlanner.Item(size: $0.0, life: $0.1)
    }
    let (bytes, step) = MemoryBound.of(items)
    #expect(bytes == 192 && step == 1)
    #expect(MemoryBound.of(Array(repeating: items[0], count: 3)).bytes == 192)
    let huge = MemoryPlanner.Item(size: .max, life: 0...1)
    #expect(MemoryBound.of([huge, huge]).bytes == .max)
  }

  /// Places in which a conflict, or memory beyond the end, was planted: whoever judges placements finds it.
  @Test func aPlantedOverlapIsFound() {
    let items = (0..<40).map { MemoryPlanner.Item(size: 64 + 64 * ($0 % 7), life: $0...$0 + $0 % 5) }
    var placement = MemoryPlanner.place(items)
    #expect(placement.conflicts(of: items) == [])
    let other = placement.offsets[21]
    placement.offsets[22] = other
    #expect(placement.conflicts(of: items).contains("21 and 22"))
    placement.offsets[22] = placement.end
    #expect(placement.conflicts(of: items).contains("22 and the end"))
    placement.offsets[22] = 32
    #expect(placement.conflicts(of: items).contains("22 is not aligned"))
  }

  @Test(arguments: RandomLives.Kind.allCases) func randomLivesArePackedTightly(_ kind: RandomLives.Kind) {
    for count in [1, 2, 8, 40, 120, 400] {
      for seed in 0..<20 {
        let items = RandomLives(seed: seed, kind: kind).items(count)
        let placement = MemoryPlanner.place(items)
        let bound = MemoryBound.of(items).bytes
        let place = "\(kind), \(count) buffers, seed \(seed)"
        #expect(placement.conflicts(of: items) == [], "\(place)")
        #expect(placement.end >= bound, "\(place)")
        #expect(Double(placement.end) <= 1.1 * Double(bound), "\(place)")
        #expect(MemoryPlanner.place(items).offsets == placement.offsets, "\(place)")
      }
    }
  }

  /// Above the number of buffers up to which all are compared with all, sweeps alone have to do.
  @Test(arguments: RandomLives.Kind.allCases) func manyBuffersArePackedBySweepsAlone(
    _ kind: RandomLives.Kind
  ) {
    let items = RandomLives(seed: 1, kind: kind).items(MemoryPlanner.mostCompared + 1)
    let placement = MemoryPlanner.place(items)
    #expect(placement.conflicts(of: items) == [])
    #expect(Double(placement.end) <= 1.1 * Double(MemoryBound.of(items).bytes))
  }

  @Test func everyStrategyGivesPlacesThatNobodyElseHas() {
    for kind in RandomLives.Kind.allCases {
      let items = RandomLives(seed: 3, kind: kind).items(150)
      for cut in [-1, 10, 75, 1000] {
        for fit in [SweepPlacement.Fit.best, .lowest] {
          #expect(SweepPlacement.place(items, outwardFrom: cut, fit).conflicts(of: items) == [])
        }
      }
      for order in RankedPlacement.Order.allCases {
        #expect(RankedPlacement.place(items, by: order).conflicts(of: items) == [])
        let improved = RankedPlacement.improve(items, by: order, rounds: 9, enough: 0)
        #expect(improved.conflicts(of: items) == [])
        #expect(improved.end <= RankedPlacement.place(items, by: order).end)
      }
    }
  }
}

/// Buffers with sizes and lives drawn from a seed.
struct RandomLives {
  enum Kind: CaseIterable {
    /// Most values are read soon after they are made.
    case short
    /// Any step may be the last.
    case any
    /// Most are short, some live long, as skip connections do.
    case mixed
    /// Lives within lives, as those of forward values that backward reads.
    case nested
    /// Sizes that differ by powers of two.
    case powers
  }

  private let kind: Kind
  private var state: UInt64

  init(seed: Int, kind: Kind) {
    self.kind = kind
    state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 7
  }

  private mutating func draw(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, count)))
  }

  func items(_ count: Int) -> [MemoryPlanner.Item] {
    var source = self
    let steps = max(3, count / 2)
    return (0..<count).map { _ in
      let first = source.draw(steps)
      let length: Int
      switch kind {
      case .short: length = source.draw(8)
      case .any: length = source.draw(steps)
      case .mixed: length = source.draw(4) == 0 ? source.draw(steps) : source.draw(4)
      case .nested: length = max(0, steps - 1 - 2 * first)
      case .powers: length = source.draw(5)
      }
      let size = kind == .powers ? 1 << source.draw(8) : 1 + source.draw(source.draw(2) == 0 ? 4 : 200)
      return MemoryPlanner.Item(size: 64 * size, life: first...min(steps, first + length))
    }
  }
}

extension MemoryPlanner.Placement {
  /// What is wrong with the places: two that overlap while both live, one beyond the end, one not aligned.
  func conflicts(of items: [MemoryPlanner.Item]) -> [String] {
    var found: [String] = []
    for (index, item) in items.enumerated() where item.size > 0 {
      let (start, end) = (offsets[index], offsets[index] + item.size)
      if start < 0 || end > self.end { found.append("\(index) and the end") }
      if start % 64 != 0 { found.append("\(index) is not aligned") }
      for (other, second) in items.enumerated().dropFirst(index + 1)
      where second.size > 0 && item.life.overlaps(second.life) {
        let isApart = offsets[other] + second.size <= start || end <= offsets[other]
        if !isApart { found.append("\(index) and \(other)") }
      }
    }
    return found
  }
}
