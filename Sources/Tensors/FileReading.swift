import Diagnostics
import Glibc

/// Files and folders by their paths; every failure is a `Fault` that names the path.
public enum FileAccess {
  /// The bytes of a file or a pipe.
  ///
  /// Throws an `.io` fault where it cannot be read and a `.limit` fault where it holds more than `limit`
  /// bytes; the size is known to fit before memory is taken.
  public static func readFile(_ path: String, limit: Int) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFault(path, "cannot be opened") }
    defer { close(descriptor) }
    return try readAll(descriptor, name: path, limit: limit)
  }

  /// The bytes of standard input up to its end, with the faults of ``readFile(_:limit:)``.
  public static func readStandardInput(limit: Int) throws -> [UInt8] {
    try readAll(STDIN_FILENO, name: "standard input", limit: limit)
  }

  static func readAll(_ descriptor: Int32, name: String, limit: Int) throws -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemFault(name, "cannot be read") }
    let size = status.isRegularFile ? max(0, Int(status.st_size)) : 0
    if size > limit {
      throw Fault(.limit, file: name, "holds \(size) bytes, more than the limit of \(limit)")
    }
    var bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let got = try readSome(descriptor, into: rest, name: name)
        if got == 0 { break }
        filled += got
      }
    }
    // A pipe has no size, a file under /proc says 0, and a file may grow while it is read.
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = try chunk.withUnsafeMutableBytes { try readSome(descriptor, into: $0, name: name) }
      if got == 0 { return bytes }
      if got > limit - bytes.count {
        throw Fault(.limit, file: name, "holds more than the limit of \(limit) bytes")
      }
      bytes.append(contentsOf: chunk[..<got])
    }
  }

  private static func readSome(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, name: String
  ) throws -> Int {
    while true {
      let got = read(descriptor, buffer.baseAddress, buffer.count)
      if got >= 0 { return got }
      if errno != EINTR { throw systemFault(name, "cannot be read") }
    }
  }

  /// The fault of a system call that has just failed.
  public static func systemFault(_ path: String, _ what: String, code: Int32 = errno) -> Fault {
    Fault(.io, file: path, "\(what): \(String(cString: strerror(code)))")
  }
}

extension stat {
  /// Whether it is a plain file, neither folder nor pipe nor device.
  var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
  /// Whether it is a folder.
  var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
}
