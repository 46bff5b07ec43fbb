import Glibc

/// The machine's steady clock.
public enum Clock {
  /// Nanoseconds since some moment before the program began.
  public static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
