import Kernels
import LayerKit

/// A copy of a block between two layouts, whose strides count elements; made without an allocation.
///
/// Axes are appended from the outermost to the innermost; those that both layouts run through without a gap
/// become one.
struct StridedCopy {
  private typealias Numbers = InlineArray<8, Int>

  private let elementSize: Int
  private var rank = 0
  private var sizes = Numbers(repeating: 1)
  private var source = Numbers(repeating: 0)
  private var destination = Numbers(repeating: 0)

  init(elementSize: Int) { self.elementSize = elementSize }

  /// Appends an axis; a source stride of 0 repeats.
  mutating func append(_ size: Int, source step: Int, destination place: Int) {
    if size == 1 { return }
    if rank > 0, source[rank - 1] == size * step, destination[rank - 1] == size * place {
      rank -= 1
      sizes[rank] *= size
    } else {
      sizes[rank] = size
    }
    source[rank] = step
    destination[rank] = place
    rank += 1
  }

  /// Copies on the calling thread.
  func run(from: UnsafeRawPointer, to: UnsafeMutableRawPointer) {
    if rank == 0 {
      to.copyMemory(from: from, byteCount: elementSize)
      return
    }
    withUnsafePointer(to: sizes) { sizes in
      withUnsafePointer(to: source) { source in
        withUnsafePointer(to: destination) { destination in
          Kernel.copyStrided(
            elementSize: elementSize, rank: rank, dimensions: integers(sizes), source: from,
            sourceStrides: integers(source), destination: to, destinationStrides: integers(destination))
        }
      }
    }
  }

  /// Copies on the threads of the call, cut along the outermost axis.
  func run(on call: Call, from: UnsafeRawPointer, to: UnsafeMutableRawPointer) {
    if rank == 0 {
      run(from: from, to: to)
      return
    }
    var cost = 1
    for axis in 1..<max(1, rank) { cost *= sizes[axis] }
    call.parallel(sizes[0], cost: cost) { start, count in
      var part = self
      part.sizes[0] = count
      part.run(
        from: from + start * source[0] * elementSize, to: to + start * destination[0] * elementSize)
    }
  }

  private func integers(_ numbers: UnsafePointer<Numbers>) -> UnsafePointer<Int> {
    UnsafeRawPointer(numbers).assumingMemoryBound(to: Int.self)
  }
}
