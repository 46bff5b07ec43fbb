import Glibc
import Synchronization

/// Whether the program ends because it is done, or because a plugin called `exit`.
enum ProgramEnd {
  /// Set when the verb has returned.
  static let isOurs = Atomic<Bool>(false)

  /// Turns an `exit` that is not ours into a fault of the program, told on standard error.
  static func guardAgainstOthers() {
    atexit {
      guard !ProgramEnd.isOurs.load(ordering: .relaxed) else { return }
      let text = "error: a plugin ended the program before it was done\n"
      _ = write(STDERR_FILENO, text, text.utf8.count)
      _exit(ExitCode.program.rawValue)
    }
  }
}
