import Diagnostics
import Glibc

/// Takes the standard output and error of the process away, and looks at what is written there: a plugin
/// writes nothing.
///
/// Where standard error is a plain file, as a parent process may have made it, both go there, so that its
/// last words outlive the process; else they go to a file without a name.
final class TerminalWatch {
  private let saved: [Int32]
  private var seen: Int

  /// Redirects both. Throws an `.io` fault where the system refuses.
  init() throws(Fault) {
    var status = stat()
    let isFile = fstat(2, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    fflush(nil)
    saved = [1, 2].map { fcntl($0, F_DUPFD_CLOEXEC, 64) }
    if isFile {
      seen = Int(status.st_size)
      guard dup2(2, 1) == 1 else { throw Self.fault("dup2") }
    } else {
      guard let file = tmpfile() else { throw Self.fault("tmpfile") }
      seen = 0
      let descriptor = fileno(file)
      guard dup2(descriptor, 1) == 1, dup2(descriptor, 2) == 2 else { throw Self.fault("dup2") }
      fclose(file)
    }
  }

  /// Puts both back.
  func end() {
    fflush(nil)
    for (target, descriptor) in zip([1, 2] as [Int32], saved) where descriptor >= 0 {
      dup2(descriptor, target)
      close(descriptor)
    }
  }

  /// What was written since the last look, at most the first 200 bytes; nil where nothing was.
  func written() -> String? {
    fflush(nil)
    var status = stat()
    guard fstat(1, &status) == 0, Int(status.st_size) > seen else { return nil }
    let count = min(200, Int(status.st_size) - seen)
    var bytes = [UInt8](repeating: 0, count: count)
    let got = pread(1, &bytes, count, off_t(seen))
    seen = Int(status.st_size)
    return String(decoding: bytes.prefix(max(0, got)), as: UTF8.self)
  }

  private static func fault(_ what: String) -> Fault {
    Fault(.io, place: "output", "cannot be redirected: \(what): \(String(cString: strerror(errno)))")
  }
}
