import Diagnostics
import Glibc

/// One of the two streams that the program writes to.
final class Output {
  private let descriptor: Int32
  private let name: String
  private var pending: [UInt8] = []
  /// Whether nobody reads any more; what is written then is dropped, and the verb goes on to its exit code.
  private var isClosed = false

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Whether the stream is a terminal.
  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// The columns of the terminal; nil where the stream is none.
  var width: Int? {
    guard isTerminal else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Adds text that is written with the next flush.
  func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Adds bytes that are written with the next flush, or now where there are many.
  func write(_ bytes: [UInt8]) throws {
    pending += bytes
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Writes what was added. Throws an `.io` fault; a reader that went away is none.
  func flush() throws {
    let bytes = pending
    pending = []
    var written = 0
    while written < bytes.count, !isClosed {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        isClosed = true
      } else if errno != EINTR {
        throw Fault(.io, file: name, "cannot be written: \(String(cString: strerror(errno)))")
      }
    }
  }
}
