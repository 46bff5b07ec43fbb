import Runtime
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 7]) func everyPieceRunsOnce(threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    #expect(pool.threadCount == threads)
    for pieces in [0, 1, 2, 3, 64, 1000] {
      let counts = Counts(pieces)
      for _ in 0..<50 { pool.run(pieces: pieces) { counts.add($0) } }
      #expect(counts.values == Array(repeating: 50, count: pieces))
    }
  }

  @Test func aJobWithinAJobRuns() {
    let pool = ThreadPool(threadCount: 3)
    let counts = Counts(8)
    pool.run(pieces: 4) { outer in
      pool.run(pieces: 2) { inner in counts.add(outer * 2 + inner) }
    }
    #expect(counts.values == Array(repeating: 1, count: 8))
  }

  @Test func aPoolThatSleptWakes() async throws {
    let pool = ThreadPool(threadCount: 2)
    let counts = Counts(4)
    for _ in 0..<3 {
      pool.run(pieces: 4) { counts.add($0) }
      try await Task.sleep(for: .milliseconds(30))
    }
    #expect(counts.values == [3, 3, 3, 3])
  }

  @Test func poolsComeAndGo() {
    for _ in 0..<50 {
      let counts = Counts(3)
      ThreadPool(threadCount: 3).run(pieces: 3) { counts.add($0) }
      #expect(counts.values == [1, 1, 1])
    }
  }
}

/// Counts how often each piece ran.
private final class Counts: Sendable {
  private let counts: Mutex<[Int]>

  init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }

  func add(_ index: Int) { counts.withLock { $0[index] += 1 } }

  var values: [Int] { counts.withLock { $0 } }
}
