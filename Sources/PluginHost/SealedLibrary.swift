import Diagnostics
import Glibc
import Synchronization
import Tensors

/// A copy of a library in memory that nobody can change any more, so that the bytes that were hashed are the
/// bytes that are loaded.
struct SealedLibrary: ~Copyable {
  static let sizeLimit = 1 << 30
  /// What a file is refused as.
  static let what = "a plugin's library"
  /// The SHA-256 of the copy, 64 hexadecimal digits.
  let sha256: String
  private let memory: OpenDescriptor

  /// Copies the library of that path.
  ///
  /// Throws a `.plugin` fault where the file is not to be trusted or the system has no memory that can be
  /// sealed, and an `.io` fault where the file cannot be read.
  init(_ path: String) throws {
    let file = try TrustedFile(path, limit: Self.sizeLimit, what: Self.what)
    let memory = try SealedMemory.create(path)
    let number = memory.number
    try file.readPieces { try SealedMemory.append($0, to: number, path) }
    try SealedMemory.seal(number, path)
    sha256 = try SealedMemory.hash(number, path)
    self.memory = memory
  }

  /// The descriptor of the copy.
  var descriptor: Int32 { memory.number }

  /// Loads the copy, and tells where it is; a library with the same bytes is loaded once, and never unloaded.
  ///
  /// Throws a text that says what is wrong with the library.
  consuming func load() throws(LibraryFault) -> LoadedLibrary {
    let hash = sha256
    if let address = loadedLibraries.withLock({ $0[hash] }) { return LoadedLibrary(address: address) }
    try LibraryForm.check(descriptor)
    let name = "/proc/self/fd/\(descriptor)"
    guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "no reason is given"
      let prefix = "\(name): "
      throw LibraryFault(text: reason.hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason)
    }
    // The descriptor stays open: the next library under the same number would have the same path, and be
    // taken for this.
    memory.keepOpen()
    let address = UInt(bitPattern: handle)
    loadedLibraries.withLock { $0[hash] = address }
    return LoadedLibrary(address: address)
  }
}

/// Why a library cannot be loaded, in the words of the system.
struct LibraryFault: Error {
  let text: String
}

/// A library that was loaded and stays so.
struct LoadedLibrary: Sendable {
  fileprivate let address: UInt

  /// The function that the library exports under a name; nil where it exports none of that name, or data.
  func function(_ name: String) -> UnsafeMutableRawPointer? {
    guard let found = dlsym(UnsafeMutableRawPointer(bitPattern: address), name) else { return nil }
    // Glibc shows neither dladdr1 nor its struct of four words to Swift; 1 asks for the entry in the table of
    // symbols, whose byte 4 tells what the symbol is.
    typealias Describe =
      @convention(c) (
        UnsafeRawPointer, UnsafeMutableRawPointer, UnsafeMutablePointer<UnsafeRawPointer?>, Int32
      ) -> Int32
    guard let describe = dlsym(nil, "dladdr1") else { return found }
    var place = (0, 0, 0, 0)
    var entry: UnsafeRawPointer?
    guard unsafeBitCast(describe, to: Describe.self)(found, &place, &entry, 1) != 0, let entry else {
      return found
    }
    let functions: Set<UInt8> = [0, 2, 10]
    return functions.contains(entry.load(fromByteOffset: 4, as: UInt8.self) & 15) ? found : nil
  }
}

/// The libraries that were loaded, by their hash.
private let loadedLibraries = Mutex<[String: UInt]>([:])
