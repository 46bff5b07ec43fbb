import Glibc
import LayerKit
import Synchronization

/// The one pool of threads: runs the pieces of one job at a time, the calling thread among them.
///
/// A job that begins while another runs (from another thread, or from within a piece) runs on its own thread
/// alone. Which thread computes a piece changes nothing: pieces are cut by the size of the work.
// @unchecked: the mutex and the condition are made for sharing, all else is atomic.
public final class ThreadPool: Executor, @unchecked Sendable {
  /// How many threads compute, the calling one included.
  public let threadCount: Int

  // The number of the job (24 bits), of its pieces (20) and of the next piece (20), changed together, so
  // that a thread that comes late can never take a piece of another job.
  private let ticket = Atomic<UInt64>(0)
  private let body = Atomic<UInt>(0)
  private let unfinished = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let threads: [pthread_t]

  private static let pieceBits: UInt64 = 20
  private static let pieceMask: UInt64 = (1 << 20) - 1
  // About 50 microseconds: longer than the gap between two steps of a plan, short beside a wait for data.
  private static let spins = 20_000

  /// A pool of `threadCount` threads; without it, of as many as the process may use.
  public init(threadCount: Int? = nil) {
    let wanted = max(1, min(threadCount ?? Machine.availableCores, 1024))
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    let shared = SharedState()
    var started: [pthread_t] = []
    for _ in 1..<max(1, wanted) {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(shared)
      let code = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<SharedState>.fromOpaque(argument).takeRetainedValue().waitForPool()?.work()
          return nil
        }, argument.toOpaque())
      if code != 0 {
        argument.release()
        break
      }
      started.append(thread)
    }
    threads = started
    self.threadCount = started.count + 1
    shared.open(self)
  }

  deinit {
    isClosed.store(true, ordering: .sequentiallyConsistent)
    wakeAll()
    for thread in threads { pthread_join(thread, nil) }
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    condition.deallocate()
  }

  public func run(pieces: Int, _ body: (Int) -> Void) {
    let isFree =
      pieces > 1 && pieces <= Int(ThreadPool.pieceMask) && !threads.isEmpty
      && isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    guard isFree else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      withUnsafePointer(to: escaping) { pointer in
        self.body.store(UInt(bitPattern: pointer), ordering: .relaxed)
        unfinished.store(pieces, ordering: .relaxed)
        let job = (ticket.load(ordering: .relaxed) >> 40) &+ 1
        let first = (job & 0xFF_FFFF) << 40 | UInt64(pieces) << ThreadPool.pieceBits
        ticket.store(first, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
        takePieces()
        while unfinished.load(ordering: .acquiring) > 0 {}
      }
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// Computes pieces of the present job until none is left.
  private func takePieces() {
    var now = ticket.load(ordering: .acquiring)
    while true {
      let next = now & ThreadPool.pieceMask
      let pieces = now >> ThreadPool.pieceBits & ThreadPool.pieceMask
      guard next < pieces else { return }
      let address = body.load(ordering: .relaxed)
      let (taken, current) = ticket.compareExchange(
        expected: now, desired: now + 1, ordering: .acquiringAndReleasing)
      guard taken else {
        now = current
        continue
      }
      // The piece was taken, so the job is not done and its body still stands on the caller's stack.
      if let pointer = UnsafePointer<(Int) -> Void>(bitPattern: address) { pointer.pointee(Int(next)) }
      unfinished.subtract(1, ordering: .releasing)
      now = ticket.load(ordering: .acquiring)
    }
  }

  /// What each further thread does until the pool is closed.
  fileprivate func work() {
    var seen: UInt64 = 0
    while !isClosed.load(ordering: .acquiring) {
      var spins = 0
      while ticket.load(ordering: .acquiring) >> 40 == seen, spins < ThreadPool.spins { spins += 1 }
      if ticket.load(ordering: .acquiring) >> 40 == seen { sleep(until: seen) }
      seen = ticket.load(ordering: .acquiring) >> 40
      takePieces()
    }
  }

  private func sleep(until seen: UInt64) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while ticket.load(ordering: .sequentiallyConsistent) >> 40 == seen,
      !isClosed.load(ordering: .sequentiallyConsistent)
    {
      pthread_cond_wait(condition, mutex)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  private func wakeAll() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}

/// Hands the finished pool to threads that were started while it was made, without keeping it alive.
private final class SharedState: @unchecked Sendable {  // Every access is under the mutex.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var pool: Unmanaged<ThreadPool>?

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    condition.deallocate()
  }

  func open(_ pool: ThreadPool) {
    pthread_mutex_lock(mutex)
    self.pool = Unmanaged.passUnretained(pool)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  func waitForPool() -> WeakPool? {
    pthread_mutex_lock(mutex)
    while pool == nil { pthread_cond_wait(condition, mutex) }
    let found = pool
    pthread_mutex_unlock(mutex)
    return found.map { WeakPool(pool: $0) }
  }
}

/// A pool that its own threads use; the pool joins them before it goes, so it outlives every use.
private struct WeakPool {
  let pool: Unmanaged<ThreadPool>
  func work() { pool._withUnsafeGuaranteedRef { $0.work() } }
}
