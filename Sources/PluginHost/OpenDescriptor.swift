import Glibc

/// A descriptor of this process, closed with its owner.
struct OpenDescriptor: ~Copyable {
  let number: Int32

  /// Takes over a descriptor that is open.
  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Leaves the descriptor open until the process ends.
  consuming func keepOpen() { discard self }
}
