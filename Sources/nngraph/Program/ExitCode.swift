import Diagnostics

/// How the program ends.
enum ExitCode: Int32 {
  case done = 0
  /// The answer is no.
  case no = 1
  /// An input cannot be used.
  case input = 2
  /// A plugin is missing or refused.
  case plugin = 3
  /// Training gave a number that is not finite.
  case diverged = 4
  /// Something is over a limit.
  case limit = 5
  /// The command line is wrong.
  case usage = 64
  /// Something that the set-up needs is absent.
  case unavailable = 69
  /// A fault of the program's own.
  case program = 70
  /// Reading or writing failed.
  case io = 74
  /// Ended by an interrupt.
  case interrupted = 130

  /// The code of several faults: a limit first, then a plugin, then a divergence or a fault of the program's
  /// own; what is left is one of them where all are of one kind, else an input.
  init(_ faults: Faults) {
    let kinds = Set(faults.all.map(\.kind))
    if kinds.contains(.limit) {
      self = .limit
    } else if kinds.contains(.plugin) {
      self = .plugin
    } else if kinds.contains(.diverged) {
      self = .diverged
    } else if kinds.contains(.program) {
      self = .program
    } else if kinds == [.io] {
      self = .io
    } else if kinds == [.usage] {
      self = .usage
    } else {
      self = .input
    }
  }
}
