import Glibc

/// What stands at the head of a library's file, looked at before the system's loader is: the loader ends the whole
/// program where a file is shorter than it says.
enum LibraryForm {
  /// The numbers of the ELF format, 64 bits (System V ABI, chapters 4 and 5).
  private static let headerSize = 64
  private static let entrySize = 56
  private static let loadedSegments: Set<UInt32> = [1, 2]  // What is mapped, and the table of symbols.
  #if arch(x86_64)
    private static let machine: UInt16 = 62
  #elseif arch(arm64)
    private static let machine: UInt16 = 183
  #endif

  /// Throws a text that says why the file is no whole library for this machine.
  static func check(_ descriptor: Int32) throws(LibraryFault) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw LibraryFault(text: "its size cannot be told") }
    let size = UInt64(max(0, status.st_size))
    let header = bytes(descriptor, at: 0, count: headerSize)
    guard header.count == headerSize, header[0...3].elementsEqual([0x7F, 0x45, 0x4C, 0x46]) else {
      throw LibraryFault(text: "it is no shared library: it does not begin as an ELF file does")
    }
    guard header[4] == 2, header[5] == 1, number(header, 16, UInt16.self) == 3 else {
      throw LibraryFault(text: "it is no shared library of 64 bits, little end first")
    }
    let found = number(header, 18, UInt16.self)
    guard found == machine else {
      throw LibraryFault(
        text: "it was compiled for another processor (ELF machine \(found), here \(machine)); compile it here"
      )
    }
    let table = number(header, 32, UInt64.self)
    let count = Int(number(header, 56, UInt16.self))
    guard number(header, 54, UInt16.self) == UInt16(entrySize), count > 0 else {
      throw LibraryFault(text: "it has no table of segments")
    }
    let length = UInt64(count * entrySize)
    guard table <= size, length <= size - table else { throw cut(size) }
    let entries = bytes(descriptor, at: table, count: Int(length))
    guard entries.count == Int(length) else { throw cut(size) }
    for entry in stride(from: 0, to: entries.count, by: entrySize)
    where loadedSegments.contains(number(entries, entry, UInt32.self)) {
      let offset = number(entries, entry + 8, UInt64.self)
      let length = number(entries, entry + 32, UInt64.self)
      guard offset <= size, length <= size - offset else { throw cut(size) }
    }
  }

  private static func cut(_ size: UInt64) -> LibraryFault {
    LibraryFault(text: "it is not whole: its segments reach beyond its end at \(size) bytes; build it again")
  }

  private static func bytes(_ descriptor: Int32, at offset: UInt64, count: Int) -> [UInt8] {
    guard let offset = Int(exactly: offset) else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      filled = max(0, pread(descriptor, room.baseAddress, count, offset))
    }
  }

  private static func number<Number: FixedWidthInteger>(
    _ bytes: [UInt8], _ offset: Int, _: Number.Type
  ) -> Number {
    var value: Number = 0
    for index in (0..<MemoryLayout<Number>.size).reversed() {
      value = value << 8 | Number(truncatingIfNeeded: bytes[offset + index])
    }
    return value
  }
}
