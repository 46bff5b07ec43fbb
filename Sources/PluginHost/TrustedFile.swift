import Diagnostics
import Glibc
import Tensors

/// A plain file that nobody but root and the user can have written, open for reading.
///
/// What is checked is the file that is open: no other can take its place afterwards.
struct TrustedFile: ~Copyable {
  private let descriptor: OpenDescriptor
  private let path: String
  private let limit: Int

  /// Opens the file; a link is followed.
  ///
  /// Throws a `.plugin` fault that says whose file it is and who may write it, and an `.io` fault where it
  /// cannot be opened.
  init(_ path: String, limit: Int, what: String) throws {
    // Non-blocking, since opening a pipe that nobody writes to would wait for ever.
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { throw FileAccess.systemFault(path, "cannot be opened") }
    let descriptor = OpenDescriptor(number)
    var status = stat()
    guard fstat(number, &status) == 0 else { throw FileAccess.systemFault(path, "cannot be read") }
    if let refusal = Self.refusal(status, user: geteuid(), limit: limit) {
      throw Fault(.plugin, file: path, "the file is refused as \(what): \(refusal)")
    }
    self.descriptor = descriptor
    self.path = path
    self.limit = limit
  }

  /// Why a file with that status is not trusted by a user, or nil.
  static func refusal(_ status: stat, user: uid_t, limit: Int) -> String? {
    guard status.st_mode & S_IFMT == S_IFREG else { return "it is no plain file" }
    guard status.st_uid == 0 || status.st_uid == user else {
      let owners = user == 0 ? "root" : "root or of user \(user)"
      return "it belongs to user \(status.st_uid), and only files of \(owners) are accepted"
    }
    let others = status.st_mode & (S_IWGRP | S_IWOTH)
    guard others == 0 else {
      let who = others == S_IWGRP ? "its group" : others == S_IWOTH ? "everybody" : "its group and everybody"
      return "\(who) may write it; `chmod go-w` takes that away"
    }
    guard status.st_size <= limit else {
      return "it holds \(status.st_size) bytes, more than the limit of \(limit)"
    }
    return nil
  }

  /// Calls `body` with one piece of the file after another. Throws also where the file grows above its limit.
  func readPieces(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var total = 0
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { piece in
      while true {
        let got = read(descriptor.number, piece.baseAddress, piece.count)
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw FileAccess.systemFault(path, "cannot be read") }
        if got == 0 { return }
        total += got
        guard total <= limit else {
          throw Fault(.plugin, file: path, "the file holds more than the limit of \(limit) bytes")
        }
        try body(UnsafeRawBufferPointer(rebasing: piece[..<got]))
      }
    }
  }

  /// The whole file.
  func readAll() throws -> [UInt8] {
    var bytes: [UInt8] = []
    try readPieces { bytes.append(contentsOf: $0) }
    return bytes
  }
}
