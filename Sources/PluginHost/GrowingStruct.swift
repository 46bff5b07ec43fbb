import Diagnostics

/// Reads a struct that begins with its size and may be shorter or longer than this program's: what a shorter
/// one lacks is zero, what a longer one has besides is left out.
///
/// `minimum` is the size without which the struct means nothing; `what` names it in the fault that is thrown
/// where its size is below that, or above 1 MiB. `T` has the name that it has in C.
func readStruct<T: BitwiseCopyable>(
  from pointer: UnsafeRawPointer, as: T.Type, minimum: Int, what: String
) throws(Fault) -> T {
  let size = pointer.loadUnaligned(as: UInt.self)
  let (least, most) = (UInt(max(minimum, MemoryLayout<UInt>.size)), UInt(1 << 20))
  guard size >= least, size <= most else {
    throw Fault(
      .plugin,
      "\(what) gives its size as \(size) bytes; accepted are \(least) to \(most); set "
        + "`.size = sizeof(\(T.self))`")
  }
  return withUnsafeTemporaryAllocation(
    byteCount: MemoryLayout<T>.stride, alignment: MemoryLayout<T>.alignment
  ) { room in
    room.initializeMemory(as: UInt8.self, repeating: 0)
    room.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: min(Int(size), MemoryLayout<T>.size)))
    return room.load(as: T.self)
  }
}
