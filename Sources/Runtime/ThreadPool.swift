import Glibc
import LayerKit
import Synchronization

/// The one pool of threads: runs the pieces of one job at a time, the calling thread among them.
///
/// A job that begins while another runs (from another thread, or from within a piece) runs on its own thread
/// alone. Which thread computes a piece changes no bit: pieces are cut by the size of the work. But each thread
/// begins with the pieces at its own place, so that what it wrote in one job it often finds in its cache in the next.
// @unchecked: the mutex and the condition are made for sharing, all else is atomic.
public final class ThreadPool: Executor, @unchecked Sendable {
  /// How many threads compute, the calling one included.
  public let threadCount: Int

  // The number of the job (24 bits) and which shares of it are taken (40), changed together, so that a thread that
  // comes late can never take a share of another job.
  private let ticket = Atomic<UInt64>(ThreadPool.allTaken)
  private let body = Atomic<UInt>(0)
  private let pieceCount = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let threads: [pthread_t]

  private static let mostShares = 40
  private static let allTaken: UInt64 = (1 << 40) - 1
  // About 50 microseconds: longer than the gap between two steps of a plan, short beside a wait for data.
  private static let spins = 20_000

  /// A pool of `threadCount` threads; without it, of as many as the process may use.
  public init(threadCount: Int? = nil) {
    let wanted = max(1, min(threadCount ?? Machine.availableCores, 1024))
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
    let shared = SharedState()
    var started: [pthread_t] = []
    for index in 1..<max(1, wanted) {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(ThreadStart(shared: shared, index: index))
      let code = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
          start.shared.waitForPool()?.work(as: start.index)
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
      pieces > 1 && !threads.isEmpty
      && isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    guard isFree else {
      for piece in 0..<pieces { body(piece) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      withUnsafePointer(to: escaping) { pointer in
        self.body.store(UInt(bitPattern: pointer), ordering: .relaxed)
        pieceCount.store(pieces, ordering: .relaxed)
        let shares = min(pieces, ThreadPool.mostShares)
        unfinished.store(shares, ordering: .relaxed)
        let job = (ticket.load(ordering: .relaxed) >> 40) &+ 1
        let free = (1 as UInt64) << UInt64(shares) - 1
        ticket.store((job & 0xFF_FFFF) << 40 | ThreadPool.allTaken ^ free, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
        takeShares(as: 0)
        waitUntilFinished()
      }
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// Spins until the other threads have done their shares; gives the core away where that takes long, for one of
  /// them may wait for it.
  private func waitUntilFinished() {
    var spins = 0
    while unfinished.load(ordering: .acquiring) > 0 {
      spins += 1
      if spins > ThreadPool.spins { sched_yield() }
    }
  }

  /// Computes shares of the present job until none is left: first those of this thread's own part from the start,
  /// then what others have left, from the end.
  private func takeShares(as index: Int) {
    var now = ticket.load(ordering: .acquiring)
    while true {
      let free = ~now & ThreadPool.allTaken
      guard free != 0 else { return }
      let shares = min(pieceCount.load(ordering: .relaxed), ThreadPool.mostShares)
      let (low, high) = (shares * index / threadCount, shares * (index + 1) / threadCount)
      let own = free & ((1 << UInt64(high)) - (1 << UInt64(low)))
      let share = own != 0 ? own.trailingZeroBitCount : 63 - free.leadingZeroBitCount
      let (taken, current) = ticket.compareExchange(
        expected: now, desired: now | 1 << UInt64(share), ordering: .acquiringAndReleasing)
      guard taken else {
        now = current
        continue
      }
      // The share was taken, so the job is not done and its body still stands on the caller's stack.
      let pieces = pieceCount.load(ordering: .relaxed)
      let count = min(pieces, ThreadPool.mostShares)
      if let pointer = UnsafePointer<(Int) -> Void>(bitPattern: body.load(ordering: .relaxed)) {
        for piece in pieces * share / count..<pieces * (share + 1) / count { pointer.pointee(piece) }
      }
      unfinished.subtract(1, ordering: .releasing)
      now = ticket.load(ordering: .acquiring)
    }
  }

  /// What each further thread does until the pool is closed.
  fileprivate func work(as index: Int) {
    var seen: UInt64 = 0
    while !isClosed.load(ordering: .acquiring) {
      var spins = 0
      while ticket.load(ordering: .acquiring) >> 40 == seen, spins < ThreadPool.spins { spins += 1 }
      if ticket.load(ordering: .acquiring) >> 40 == seen { sleep(until: seen) }
      seen = ticket.load(ordering: .acquiring) >> 40
      takeShares(as: index)
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

/// What a thread is started with.
private final class ThreadStart: Sendable {
  let shared: SharedState
  let index: Int

  init(shared: SharedState, index: Int) {
    self.shared = shared
    self.index = index
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
  func work(as index: Int) { pool._withUnsafeGuaranteedRef { $0.work(as: index) } }
}
