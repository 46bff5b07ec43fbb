import Diagnostics
import Glibc
import Tensors

/// Memory with a descriptor that can be sealed against every change: `memfd_create` of Linux.
enum SealedMemory {
  // From linux/memfd.h and linux/fcntl.h, which Glibc does not show to Swift.
  private static let closeOnExec: UInt32 = 1
  private static let allowSealing: UInt32 = 2
  private static let executable: UInt32 = 16
  private static let addSeals: Int32 = 1033
  private static let getSeals: Int32 = 1034
  /// Against further seals, shrinking, growing and writing.
  private static let allSeals: Int32 = 1 | 2 | 4 | 8

  /// New memory without bytes, for the library of that path.
  static func create(_ path: String) throws -> OpenDescriptor {
    typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "memfd_create") else {
      throw refusal(path, "its C library has no memfd_create")
    }
    let create = unsafeBitCast(symbol, to: Create.self)
    var descriptor = create("nngraph-plugin", closeOnExec | allowSealing | executable)
    // Kernels before 6.3 do not know the last flag, and need none.
    if descriptor < 0, errno == EINVAL { descriptor = create("nngraph-plugin", closeOnExec | allowSealing) }
    guard descriptor >= 0 else {
      throw refusal(path, "memfd_create: \(String(cString: strerror(errno)))")
    }
    return OpenDescriptor(descriptor)
  }

  /// Writes bytes behind those that are there.
  static func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
    try FileAccess.writeAll(descriptor, bytes, name: path, failure: "cannot be copied into memory")
  }

  /// Makes the memory unchangeable, and sees that it is.
  static func seal(_ descriptor: Int32, _ path: String) throws {
    guard fcntl(descriptor, addSeals, allSeals) == 0, fcntl(descriptor, getSeals) & allSeals == allSeals
    else {
      throw refusal(path, "sealing memory: \(String(cString: strerror(errno)))")
    }
  }

  /// The SHA-256 of the memory as 64 hexadecimal digits.
  static func hash(_ descriptor: Int32, _ path: String) throws -> String {
    var hash = SHA256()
    var position = 0
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { piece in
      while true {
        let got = pread(descriptor, piece.baseAddress, piece.count, position)
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw FileAccess.systemFault(path, "cannot be read back from memory") }
        if got == 0 { return }
        hash.update(UnsafeRawBufferPointer(rebasing: piece[..<got]))
        position += got
      }
    }
    return hexadecimal(hash.finish())
  }

  private static func refusal(_ path: String, _ reason: String) -> Fault {
    Fault(
      .plugin, file: path,
      "cannot be loaded safely: this system offers no memory that can be sealed (\(reason)); "
        + "link the plugin's module into the program instead")
  }
}
