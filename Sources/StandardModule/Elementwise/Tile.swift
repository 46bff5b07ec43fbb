import Kernels

/// A small piece of memory on the stack, for what a loop needs between two kernels.
enum Tile {
  /// The number of elements.
  static let count = 512

  /// Calls `body` with memory for `count` scalars, whose values are not defined.
  static func with<Scalar: FloatScalar>(_: Scalar.Type, _ body: (UnsafeMutablePointer<Scalar>) -> Void) {
    // Doubles, so that the size and the alignment serve both scalars.
    var tile = InlineArray<512, Double>(repeating: 0)
    withUnsafeMutablePointer(to: &tile) { pointer in
      body(UnsafeMutableRawPointer(pointer).bindMemory(to: Scalar.self, capacity: count))
    }
  }
}
