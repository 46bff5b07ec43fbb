import LayerKit
import Runtime
import Synchronization

/// Calls one layer on several threads at once, each with memory of its own: all must get the same bits.
struct ThreadCheck {
  let log: CheckLog
  private static let threads = 3
  private static let rounds = 40
  /// Nanoseconds that a thread waits for the others, and that it runs at least.
  private static let patience: UInt64 = 50_000_000
  private static let least: UInt64 = 60_000_000

  func run(_ layerCase: LayerCase) {
    let setting = CallSetting(isDifferentiated: layerCase.isDifferentiable)
    do {
      let calls = try (0..<Self.threads).map { _ in
        let guarded = try GuardedCall(layerCase, setting)
        let asked = Set(guarded.gradients)
        return OwnCall(guarded: guarded, call: try guarded.makeCall(asking: asked))
      }
      guard let first = calls.first else { return }
      let expected = try first.results()
      log.begins("forward and backward of \(layerCase.place) on \(Self.threads) threads at once")
      log.counted(.determinism)
      let differing = Atomic<Bool>(false)
      let started = Atomic<Int>(0)
      ThreadPool(threadCount: Self.threads).run(pieces: Self.threads) { piece in
        // All begin together, or the first would be done before the others have come.
        started.add(1, ordering: .sequentiallyConsistent)
        let deadline = Clock.nanoseconds + Self.patience
        while started.load(ordering: .sequentiallyConsistent) < Self.threads, Clock.nanoseconds < deadline {}
        // Where threads share one core, they meet when one is interrupted, which takes milliseconds.
        let end = Clock.nanoseconds + Self.least
        var round = 0
        while round < Self.rounds || Clock.nanoseconds < end {
          round += 1
          let found = try? calls[piece].results()
          if found != expected { differing.store(true, ordering: .relaxed) }
        }
      }
      if differing.load(ordering: .relaxed) {
        log.found(
          .determinism, layerCase.component, key: "threads at once",
          "results change when several calls run at once; each call may use its own memory alone "
            + "(\(layerCase.place))"
        )
      }
    } catch {
      // What keeps the call from running is reported where memory is checked.
      return
    }
  }
}

/// A call with its memory, which one thread uses at a time.
private struct OwnCall {
  let guarded: GuardedCall
  let call: Call

  /// Runs both passes, and returns the bytes of all outputs and gradients.
  func results() throws -> [[UInt8]] {
    guarded.reset(prefill: 0)
    try guarded.forward(call)
    try guarded.backward(call)
    let wanted: Set<GuardedCall.Role> = [.output, .inputGradient, .parameterGradient]
    return guarded.buffers.filter { wanted.contains($0.role) }.map(\.block.bytes)
  }
}
