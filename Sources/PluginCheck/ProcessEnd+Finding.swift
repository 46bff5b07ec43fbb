import Glibc

extension ProcessEnd {
  /// What the end says of the plugin whose function was called last; nil where the process ended as it
  /// should, which is with `code` and after its last event.
  func finding(last: String?, lastWords: String, hasEnded: Bool, code expected: Int) -> Finding? {
    let called = last.map { "in \($0)" } ?? "before anything of the plugin was called"
    let place = hasEnded ? "when the check was done (by a destructor, or by what `atexit` calls)" : called
    let trimmed = lastWords.split(separator: "\n").joined(separator: " / ")
    let words = trimmed.isEmpty ? "" : "; the last that was written: \(trimmed)"
    let message: String
    switch self {
    case .exited(let code):
      if hasEnded, code == expected { return nil }
      message = "the process was ended with code \(code) \(place)\(words)"
    case .killed(let signal): message = "\(Self.name(ofSignal: signal)) \(place)\(words)"
    case .silent(let seconds): message = "no progress for \(seconds) seconds \(place)\(words)"
    }
    let component = hasEnded ? nil : last.flatMap(Self.component)
    return Finding(.process, component ?? "", message.quotedForTerminal)
  }

  /// `operator "gated"` of `forward of operator "gated", example 2`.
  private static func component(_ what: String) -> String? {
    let start = what.firstRange(of: " of ")?.upperBound
    guard let start else { return nil }
    let quotes = what[start...].indices.filter { what[$0] == "\"" }
    guard quotes.count >= 2 else { return nil }
    return String(what[start...quotes[1]])
  }

  private static func name(ofSignal number: Int) -> String {
    switch Int32(number) {
    case SIGSEGV: "SIGSEGV (an access to memory that is not there)"
    case SIGBUS: "SIGBUS (an access to memory that cannot be had)"
    case SIGFPE: "SIGFPE (an arithmetic fault, such as a division of an integer by 0)"
    case SIGABRT: "SIGABRT (abort was called)"
    case SIGILL: "SIGILL (an instruction that is none, or a trap)"
    case SIGTRAP: "SIGTRAP (a trap)"
    case SIGSYS: "SIGSYS (a system call that is none)"
    case SIGXFSZ: "SIGXFSZ (a file grew too large)"
    case SIGKILL: "SIGKILL (ended from outside, perhaps for want of memory)"
    case SIGALRM: "SIGALRM (no progress)"
    default: "signal \(number)"
    }
  }
}
