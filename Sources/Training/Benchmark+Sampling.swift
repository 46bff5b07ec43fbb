import Compiler
import Kernels
import LayerKit
import Runtime

extension Benchmark {
  /// Fills float inputs with random numbers.
  public static func fillInputs(of network: Network, _ session: Session) {
    for input in network.inputs {
      guard let view = session.input(input.value) else { continue }
      let key = RandomKey.make(seed: 0, purpose: "benchmark", name: input.name, parameter: "", step: 0)
      switch view.type.element {
      case .float32:
        Kernel.randomUniform(key: key, start: 0, y: view.pointer(Float.self), count: view.count)
      case .float64:
        Kernel.randomUniform(key: key, start: 0, y: view.pointer(Double.self), count: view.count)
      // 0 is a valid class, index and truth for every operator.
      case .int32, .bool: break
      }
    }
  }

  /// The seconds of each repetition, sorted; at least 10 and not more than `most`, and a few before that are not
  /// counted.
  public static func sample(
    seconds: Double, uncounted: Int = 5, most: Int = 1_000_000, _ body: () throws -> Void
  ) rethrows -> [Double] {
    for _ in 0..<uncounted { try body() }
    var times: [Double] = []
    let start = Clock.nanoseconds
    while times.count < 10 || Double(Clock.nanoseconds - start) / 1e9 < seconds, times.count < most {
      let began = Clock.nanoseconds
      try body()
      times.append(Double(Clock.nanoseconds - began) / 1e9)
    }
    return times.sorted()
  }

  /// The value below which a share of the sorted values lies.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }

  /// The best rate of a matrix product of 1024 by 1024 by 1024, each thread with rows of its own, over a tenth of
  /// a second: other programs on the machine take some of the time.
  static func peakOperations(_ pool: ThreadPool) -> Double {
    let side = 1024
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 3 * side * side)
    defer { memory.deallocate() }
    memory.initialize(repeating: 1, count: 3 * side * side)
    let rows = side / 8
    var best = Double.infinity
    let first = Clock.nanoseconds
    var repetitions = 0
    while repetitions < 8 || Clock.nanoseconds - first < 100_000_000 {
      repetitions += 1
      let start = Clock.nanoseconds
      pool.run(pieces: 8) { piece in
        Kernel.product(
          m: rows, n: side, k: side, a: UnsafePointer(memory + piece * rows * side), leadingA: side,
          b: UnsafePointer(memory + side * side), leadingB: side,
          c: memory + (2 * side + piece * rows) * side, leadingC: side)
      }
      best = min(best, Double(Clock.nanoseconds - start) / 1e9)
    }
    return 2 * Double(side * side * side) / best
  }
}
