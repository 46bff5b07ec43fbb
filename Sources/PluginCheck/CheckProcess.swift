import Diagnostics
import Glibc

/// How a process came to its end.
public enum ProcessEnd: Hashable, Sendable {
  case exited(code: Int)
  case killed(signal: Int)
  /// It said nothing for too long and was ended.
  case silent(seconds: Int)
}

/// A check in a process of its own, which may crash or never return without harm.
///
/// The process reads its ticket from a socket, and then writes a line of JSON there for each event. It and
/// its children are ended where it says nothing for `timeout` seconds.
public struct CheckProcess: Sendable {
  /// The file of the program.
  public var executable: String
  /// Its arguments without its own name.
  public var arguments: [String]
  /// The seconds without an event after which it is ended.
  public var timeout: Int

  private static let longestLine = 1 << 20
  private static let lastWords = 2000

  /// A process that is to be run.
  public init(executable: String, arguments: [String], timeout: Int = 20) {
    self.executable = executable
    self.arguments = arguments
    self.timeout = timeout
  }

  /// Runs the process to its end, hands over each event, and returns how it ended and the last 2,000 bytes of
  /// its standard output and error. Throws an `.io` fault where it cannot be started.
  func run(
    _ ticket: CheckTicket, _ take: (CheckEvent) -> Void
  ) throws(Fault) -> (end: ProcessEnd, lastWords: String) {
    guard let errors = tmpfile() else { throw fault("tmpfile", errno) }
    defer { fclose(errors) }
    _ = fcntl(fileno(errors), F_SETFD, FD_CLOEXEC)
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw fault("socketpair", errno) }
    defer { close(ends[0]) }
    let process: pid_t
    do throws(Fault) {
      // A socket takes so short a line at once, though nobody reads it yet.
      let line = Array(ticket.line.utf8)
      guard write(ends[0], line, line.count) == line.count else { throw fault("write", errno) }
      process = try spawn(events: ends[1], errors: fileno(errors))
    } catch {
      close(ends[1])
      throw error
    }
    close(ends[1])
    let isSilent = read(ends[0], from: process, until: ticket.token, take)
    let end = wait(for: process, isSilent: isSilent)
    // Its children may live on.
    kill(-process, SIGKILL)
    return (end, words(fileno(errors)))
  }

  private func fault(_ what: String, _ code: Int32) -> Fault {
    Fault(.io, file: executable, "cannot be started: \(what): \(String(cString: strerror(code)))")
  }

  private func spawn(events: Int32, errors: Int32) throws(Fault) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    // What was taken away must not be overwritten before it is used: the events' number may be that of the
    // errors.
    posix_spawn_file_actions_adddup2(&actions, errors, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    posix_spawn_file_actions_adddup2(&actions, events, PluginCheck.eventsDescriptor)
    // A group of its own, so that its children end with it; and the signals as a fresh process has them.
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    // What the thread that calls this blocks must still end the process.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = Self.copied([executable] + arguments)
    let variables = Self.copied(Self.environment)
    defer { for text in words + variables { free(text) } }
    var process = pid_t()
    let code = posix_spawn(&process, executable, &actions, &attributes, words, variables)
    guard code == 0 else { throw fault("posix_spawn", code) }
    return process
  }

  /// Copies in C's memory, with a null pointer behind the last.
  private static func copied(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) } + [nil]
  }

  /// The variables of this process, but that Swift prints no backtrace of a crash: the place is known.
  private static var environment: [String] {
    // By its symbol, since Swift lets nobody read a global of C's that may change.
    typealias Variables = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var next = dlsym(nil, "environ")?.assumingMemoryBound(to: Variables.self).pointee
    var found: [String] = []
    while let text = next?.pointee {
      found.append(String(cString: text))
      next = next?.successor()
    }
    return found.filter { !$0.hasPrefix("SWIFT_BACKTRACE=") } + ["SWIFT_BACKTRACE=enable=no"]
  }

  /// Whether the process has ended; it can still be waited for.
  private static func hasEnded(_ process: pid_t) -> Bool {
    var found = siginfo_t()
    let flags = WEXITED | WNOHANG | WNOWAIT
    return waitid(P_PID, id_t(process), &found, flags) == 0 && found.si_signo == SIGCHLD
  }

  /// Hands over the events up to the last; returns whether the process said nothing for too long.
  ///
  /// What a child of the process says after its end counts no longer: it could go on for ever.
  private func read(
    _ descriptor: Int32, from process: pid_t, until token: String, _ take: (CheckEvent) -> Void
  ) -> Bool {
    var rest: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var deadline = Self.now + Double(timeout)
    var hasEnded = false
    while true {
      if !hasEnded, Self.hasEnded(process) {
        hasEnded = true
        deadline = min(deadline, Self.now + 1)
      }
      let left = min(deadline - Self.now, 0.2)
      if left <= 0 { return !hasEnded }
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&wanted, 1, Int32(min(left * 1000, 1e6).rounded(.up)))
      if ready == 0 || ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { return false }
      let got = Glibc.read(descriptor, &piece, piece.count)
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return false }
      rest.append(contentsOf: piece[..<got])
      while let end = rest.firstIndex(of: 0x0A) {
        if let event = CheckEvent(line: rest[..<end]) {
          take(event)
          if case .ended(token, _) = event { return false }
          if !hasEnded { deadline = Self.now + Double(timeout) }
        }
        rest.removeSubrange(...end)
      }
      if rest.count > Self.longestLine { rest.removeAll() }
    }
  }

  /// Waits for the end, and ends what does not come to one.
  private func wait(for process: pid_t, isSilent: Bool) -> ProcessEnd {
    var status: Int32 = 0
    let deadline = isSilent ? Self.now : Self.now + Double(timeout)
    while true {
      let found = waitpid(process, &status, WNOHANG)
      if found == process { break }
      if found < 0, errno != EINTR { return .exited(code: -1) }
      if Self.now >= deadline {
        kill(-process, SIGKILL)
        kill(process, SIGKILL)
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return .silent(seconds: timeout)
      }
      usleep(5000)
    }
    let signal = Int(status & 0x7F)
    return signal == 0 ? .exited(code: Int(status >> 8 & 0xFF)) : .killed(signal: signal)
  }

  private func words(_ descriptor: Int32) -> String {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let start = max(0, size - Self.lastWords)
    var bytes = [UInt8](repeating: 0, count: max(1, size - start))
    let got = pread(descriptor, &bytes, max(0, size - start), off_t(start))
    return String(decoding: bytes.prefix(max(0, got)), as: UTF8.self)
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
