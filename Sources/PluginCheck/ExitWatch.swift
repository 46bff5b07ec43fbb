import Glibc
import Synchronization

/// Sees to it that a plugin that calls `exit` while it is checked in this process does not end it as if all
/// were well: the process then says so on standard error and ends with 1.
///
/// `_exit` cannot be seen; a check in a process of its own sees that, too.
final class ExitWatch {
  private struct State {
    var last = "before anything of the plugin was called"
    var errors: Int32
  }
  /// Nil while no check runs.
  private static let state = Mutex<State?>(nil)

  /// Begins to watch.
  init() {
    // Standard error is taken away during the check.
    let errors = fcntl(2, F_DUPFD_CLOEXEC, 64)
    Self.state.withLock { $0 = State(errors: errors) }
    atexit { ExitWatch.exits() }
  }

  /// Keeps what is called next.
  func begins(_ what: String) { Self.state.withLock { $0?.last = "in \(what)" } }

  /// Ends the watch.
  func end() {
    Self.state.withLock { state in
      if let errors = state?.errors, errors >= 0 { close(errors) }
      state = nil
    }
  }

  private static func exits() {
    guard let state = state.withLockIfAvailable({ $0 }) ?? nil else { return }
    let text = Array("the process was ended \(state.last)\n".utf8)
    _ = text.withUnsafeBytes { write(state.errors, $0.baseAddress, $0.count) }
    _exit(1)
  }
}
