import Diagnostics
import Glibc

extension FileAccess {
  /// Writes a file whole or not at all: into a new file beside it, which then takes its name.
  ///
  /// A link is followed, a file that stands there keeps its permissions, and a pipe or a device is written
  /// to directly. Throws an `.io` fault, and then leaves what was there as it was.
  public static func writeFile(_ path: String, _ bytes: [UInt8]) throws { try writeFiles([(path, bytes)]) }

  /// Writes files that belong together: all are complete before the first takes its name.
  public static func writeFiles(_ files: [(path: String, bytes: [UInt8])]) throws {
    var written: [WrittenFile] = []
    defer { for file in written { unlink(file.temporary) } }
    for (path, bytes) in files {
      if let file = try writeTemporary(path, bytes) { written.append(file) }
    }
    let folders = Set(written.map { folder(of: $0.target) })
    while let file = written.first {
      guard rename(file.temporary, file.target) == 0 else {
        throw systemFault(file.path, "cannot be written")
      }
      written.removeFirst()
    }
    folders.forEach(syncFolder)
  }

  /// A file that is complete but for its name.
  private struct WrittenFile {
    var temporary: String
    var target: String
    var path: String
  }

  /// Writes the new file beside the old one; nil where the path is a pipe or a device, written directly.
  private static func writeTemporary(_ path: String, _ bytes: [UInt8]) throws -> WrittenFile? {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, !status.isRegularFile {
      try writeDirectly(path, bytes)
      return nil
    }
    let target = exists ? (realPath(path) ?? path) : path
    let (temporary, descriptor) = try openTemporary(beside: target, named: path)
    do {
      defer { close(descriptor) }
      if exists { _ = fchmod(descriptor, status.st_mode & 0o7777) }
      try bytes.withUnsafeBytes { try writeAll(descriptor, $0, name: path) }
      guard fsync(descriptor) == 0 else { throw systemFault(path, "cannot be written") }
    } catch {
      unlink(temporary)
      throw error
    }
    return WrittenFile(temporary: temporary, target: target, path: path)
  }

  /// The path without links and `..`, or nil where it leads nowhere.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func writeDirectly(_ path: String, _ bytes: [UInt8]) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFault(path, "cannot be written") }
    defer { close(descriptor) }
    try bytes.withUnsafeBytes { try writeAll(descriptor, $0, name: path) }
  }

  private static func openTemporary(beside target: String, named path: String) throws -> (String, Int32) {
    while true {
      let name = ".nngraph-" + String(UInt64.random(in: 0...UInt64.max), radix: 16) + ".tmp"
      let temporary = join(folder(of: target), name)
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (temporary, descriptor) }
      if errno != EEXIST { throw systemFault(path, "cannot be written") }
    }
  }

  /// Writes bytes to an open file; `failure` says what could not be done. Throws an `.io` fault.
  public static func writeAll(
    _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, name: String, failure: String = "cannot be written"
  ) throws {
    var written = 0
    while written < bytes.count {
      let part = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = write(descriptor, part.baseAddress, part.count)
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw systemFault(name, failure)
      }
    }
  }

  // Without it a crash of the machine may forget the new name; a folder that cannot be synced is no fault.
  private static func syncFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
