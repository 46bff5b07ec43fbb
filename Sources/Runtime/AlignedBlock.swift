import Diagnostics
import Glibc

/// Zeroed memory that begins at a multiple of 64 bytes.
public final class AlignedBlock: @unchecked Sendable {  // Whoever holds it orders the uses.
  public let base: UnsafeMutableRawPointer
  public let byteCount: Int

  /// Throws a limit fault where the system has no such memory.
  public init(byteCount: Int) throws(Fault) {
    self.byteCount = byteCount
    var memory: UnsafeMutableRawPointer?
    guard byteCount <= Int.max - 64, posix_memalign(&memory, 64, max(64, byteCount)) == 0, let memory else {
      throw Fault(.limit, "the system has no block of \(byteCount) bytes of memory")
    }
    base = memory
    memset(base, 0, byteCount)
  }

  deinit { free(base) }
}
