import CBenchmarks
import Diagnostics
import Glibc
import JSONText
import Runtime
import Tensors

/// A peer in a process of its own that waits for requests.
final class PeerProcess {
  let peer: Peer
  /// Names and versions of what the peer consists of.
  let versions: [(name: String, version: String)]
  private let process: pid_t
  private let input: Int32
  private let output: Int32
  private let log: String
  private var received: [UInt8] = []

  /// What a request gives.
  enum Answer {
    case measured(Timing, variant: String)
    /// The peer does not know the network, or does not have the phase.
    case unsupported(String)
    case failed(String)
  }

  /// Why a peer takes no part.
  struct Absence: Error {
    var reason: String
  }

  /// Seconds that a peer may take to start, and to build a network with all its variants.
  private static let longestStart = 300.0
  private static let longestAnswer = 3600.0

  /// Starts the worker and waits for its greeting. Throws `Absence` where it cannot take part.
  init(_ peer: Peer, python: String, script: String, threads: Int, log: String) throws {
    let words = [python, "-B", script, String(threads)]
    let arguments = words.map { (word: String) -> UnsafeMutablePointer<CChar>? in strdup(word) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var (process, input, output): (pid_t, Int32, Int32) = (0, -1, -1)
    let code = benchmarks_start(arguments, log, &process, &input, &output)
    guard code == 0 else {
      throw Absence(reason: "\(python.excerpt()) cannot be started: \(String(cString: strerror(code)))")
    }
    do {
      var rest: [UInt8] = []
      let greeting = try PeerProcess.line(from: output, &rest, seconds: PeerProcess.longestStart, log: log)
      if let reason = greeting["unavailable"]?.string { throw Absence(reason: reason.excerpt(200)) }
      versions = (greeting["versions"]?.members ?? []).map { ($0.key, $0.value.string ?? "") }
      received = rest
    } catch {
      PeerProcess.end(process, input, output)
      throw error
    }
    (self.peer, self.process, self.input, self.output, self.log) = (peer, process, input, output, log)
  }

  deinit { PeerProcess.end(process, input, output) }

  /// Has a network measured; the first request of each builds it, however long that takes.
  ///
  /// Throws `Absence` where the worker has gone.
  func measure(_ cell: Cell, seconds: Double) throws -> Answer {
    let request = JSONValue.object([
      ("graph", .string(cell.network.path)), ("phase", .string(cell.phase.rawValue)),
      ("rows", .integer(cell.rows)),
      ("seconds", .double(seconds)),
    ])
    let bytes = JSONWriter.compact(request) + [UInt8(ascii: "\n")]
    do {
      try bytes.withUnsafeBytes { try FileAccess.writeAll(input, $0, name: peer.title) }
    } catch {
      throw Absence(reason: "has ended; \(PeerProcess.lastLine(of: log))")
    }
    let answer = try PeerProcess.line(
      from: output, &received, seconds: PeerProcess.longestAnswer + seconds, log: log)
    if let reason = answer["unsupported"]?.string { return .unsupported(reason.excerpt(200)) }
    guard let median = answer["median"]?.double, let minimum = answer["minimum"]?.double, median > 0,
      let repetitions = answer["repetitions"]?.integer
    else { return .failed((answer["error"]?.string ?? "an answer without a time").excerpt(300)) }
    return .measured(
      Timing(median: median, minimum: minimum, repetitions: repetitions),
      variant: (answer["variant"]?.string ?? "").excerpt())
  }

  /// The next line of the worker, as JSON. Throws `Absence` where none comes.
  private static func line(
    from descriptor: Int32, _ received: inout [UInt8], seconds: Double, log: String
  ) throws -> JSONValue {
    let end = Clock.nanoseconds + UInt64(seconds * 1e9)
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      if let index = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(received[..<index])
        received.removeSubrange(...index)
        guard let document = try? JSONText.parse(line) else { throw Absence(reason: "answers no JSON") }
        return document.root
      }
      let now = Clock.nanoseconds
      guard now < end, received.count < 1 << 20 else { throw Absence(reason: "does not answer") }
      var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waited, 1, Int32(min(60_000, (end - now) / 1_000_000 + 1)))
      if ready < 0, errno != EINTR { throw Absence(reason: "cannot be waited for") }
      guard ready > 0 else { continue }
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { throw Absence(reason: "has ended; \(lastLine(of: log))") }
      if count > 0 { received += chunk[..<count] }
    }
  }

  private static func lastLine(of log: String) -> String {
    let bytes = (try? FileAccess.readFile(log, limit: 1 << 26)) ?? []
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return lines.last.map { String($0).excerpt(200) } ?? "it says nothing"
  }

  /// The end of its input ends a worker that waits; one that is at work is ended.
  private static func end(_ process: pid_t, _ input: Int32, _ output: Int32) {
    close(input)
    close(output)
    kill(process, SIGTERM)
    for _ in 0..<100 {
      if waitpid(process, nil, WNOHANG) != 0 { return }
      usleep(20_000)
    }
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }
}
