import CBenchmarks
import Glibc
import JSONText
import Kernels
import LayerKit
import Runtime

/// What the machine can do at best, on one thread and on all that are used.
struct MachineSpeed {
  /// A figure on one thread, and on all.
  struct Pair {
    var one: Double
    var all: Double

    var json: JSONValue { .object([("one_thread", .double(one)), ("all_threads", .double(all))]) }
  }

  /// Operations a second of fused multiply-adds that stay in registers.
  var multiplyAdd: Pair
  /// Operations a second of a large matrix product.
  var product: Pair
  /// Bytes a second that are read and written by y = x + a z over blocks far above the caches.
  var memory: Pair

  init(threads: Int) {
    let pools = (ThreadPool(threadCount: 1), ThreadPool(threadCount: threads))
    multiplyAdd = Pair(one: MachineSpeed.multiplyAdd(pools.0), all: MachineSpeed.multiplyAdd(pools.1))
    product = Pair(one: MachineSpeed.product(pools.0), all: MachineSpeed.product(pools.1))
    memory = Pair(one: MachineSpeed.memory(pools.0), all: MachineSpeed.memory(pools.1))
  }

  /// The least seconds of a job, which runs `times` times.
  private static func least(times: Int, _ body: () -> Void) -> Double {
    var least = Double.infinity
    for _ in 0..<times {
      let start = Clock.nanoseconds
      body()
      least = min(least, Double(Clock.nanoseconds - start) / 1e9)
    }
    return least
  }

  private static func multiplyAdd(_ pool: ThreadPool) -> Double {
    let rounds: Int64 = 1 << 20
    let operations = benchmarks_multiply_add(1) * Double(rounds) * Double(pool.threadCount)
    return operations
      / least(times: 20) { pool.run(pieces: pool.threadCount) { _ in _ = benchmarks_multiply_add(rounds) } }
  }

  /// A product of 1024 by 1024 by 1024, each thread with rows of its own.
  private static func product(_ pool: ThreadPool) -> Double {
    let side = 1024
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 3 * side * side)
    defer { memory.deallocate() }
    memory.initialize(repeating: 1, count: 3 * side * side)
    let pieces = pool.threadCount
    let seconds = least(times: 16) {
      pool.run(pieces: pieces) { piece in
        let (first, end) = (piece * side / pieces, (piece + 1) * side / pieces)
        guard end > first else { return }
        Kernel.product(
          m: end - first, n: side, k: side, a: UnsafePointer(memory + first * side), leadingA: side,
          b: UnsafePointer(memory + side * side), leadingB: side, c: memory + (2 * side + first) * side,
          leadingC: side)
      }
    }
    return 2 * Double(side * side * side) / seconds
  }

  /// Three blocks of 128 MiB, or less where the memory is short; each thread has a part of its own.
  private static func memory(_ pool: ThreadPool) -> Double {
    let bytes = min(128 << 20, Machine.availableMemory / 8)
    let count = bytes / MemoryLayout<Float>.size / pool.threadCount * pool.threadCount
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(1, 3 * count))
    defer { memory.deallocate() }
    let part = count / pool.threadCount
    // Each thread touches its own part first, so that the part lies near to it.
    pool.run(pieces: pool.threadCount) { piece in
      for block in 0..<3 { (memory + block * count + piece * part).initialize(repeating: 1, count: part) }
    }
    let seconds = least(times: 8) {
      pool.run(pieces: pool.threadCount) { piece in
        let start = piece * part
        benchmarks_triad(memory + start, memory + count + start, memory + 2 * count + start, 0.5, part)
      }
    }
    return Double(3 * count * MemoryLayout<Float>.size) / seconds
  }
}
