import Glibc
import Synchronization

/// The interrupts (Ctrl-C) of a long computation: the first asks it to stop, the second ends the program.
enum Interrupt {
  // A signal handler can reach nothing but a global.
  private static let count = Atomic<Int>(0)

  /// Whether somebody asked for an end.
  static var isPending: Bool { count.load(ordering: .relaxed) > 0 }

  /// Takes interrupts from now on.
  static func install() {
    // Made here, since a handler may not be the first to touch it.
    count.store(0, ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interrupt.count.add(1, ordering: .relaxed).newValue > 1 { _exit(ExitCode.interrupted.rawValue) }
    }
    // Whoever started the program may have blocked them, and a blocked signal is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}
