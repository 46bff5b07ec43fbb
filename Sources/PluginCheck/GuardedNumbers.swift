import Kernels

/// Numbers between guards, for the functions of components that are no operators.
final class GuardedNumbers<Scalar: FloatScalar> {
  let block: GuardedBlock
  let count: Int
  private let first: [Scalar]?

  /// What a function reads; nil where the system has no memory.
  init?(_ values: [Scalar]) {
    guard let block = GuardedBlock(byteCount: values.count * MemoryLayout<Scalar>.stride) else { return nil }
    self.block = block
    count = values.count
    first = values
    reset()
  }

  /// What a function writes; nil where the system has no memory.
  init?(count: Int) {
    guard let block = GuardedBlock(byteCount: count * MemoryLayout<Scalar>.stride) else { return nil }
    self.block = block
    self.count = count
    first = nil
  }

  var pointer: UnsafeMutablePointer<Scalar> { block.base.assumingMemoryBound(to: Scalar.self) }
  var values: [Scalar] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
  var bytes: [UInt8] { block.bytes }

  /// Writes the first values, or the prefill where there are none.
  func reset(prefill: UInt8 = 0) {
    guard let first else { return block.fill(prefill) }
    for (index, value) in first.enumerated() { pointer[index] = value }
  }

  /// Whether it still holds its first values, bit by bit.
  var isUnchanged: Bool {
    guard let first else { return true }
    return first.withUnsafeBytes { $0.elementsEqual(bytes) }
  }
}

extension CheckLog {
  /// Reports guards that were written over.
  func inspect<Scalar: FloatScalar>(
    _ buffers: [(String, GuardedNumbers<Scalar>)], after function: String, _ component: String,
    _ place: String
  ) {
    for (name, buffer) in buffers {
      guard let damage = buffer.block.damage() else { continue }
      foundOutside(
        function, damage, of: "\(name), which has \(buffer.count) elements", component, place)
    }
  }

  /// Reports buffers that were written and may only be read.
  func inspectUnchanged<Scalar: FloatScalar>(
    _ buffers: [(String, GuardedNumbers<Scalar>)], after function: String, _ component: String,
    _ place: String
  ) {
    for (name, buffer) in buffers where !buffer.isUnchanged {
      found(
        .memory, component, key: "\(function) \(name) read-only",
        "\(function) writes into \(name), which it may only read (\(place))")
      buffer.reset()
    }
  }

  /// Runs a function over a buffer that it must write whole, twice with the same bytes before and once with
  /// others, and reports what was not written or changes from run to run.
  func writesWhole<Scalar: FloatScalar>(
    _ buffer: GuardedNumbers<Scalar>, _ name: String, by function: String, _ component: String,
    _ place: String,
    _ run: () -> Void
  ) {
    var results: [[UInt8]] = []
    for prefill: UInt8 in [0xFF, 0x7B, 0xFF] {
      buffer.reset(prefill: prefill)
      run()
      results.append(buffer.bytes)
    }
    let size = MemoryLayout<Scalar>.stride
    func element(_ run: Int, _ index: Int) -> ArraySlice<UInt8> {
      results[run][index * size..<(index + 1) * size]
    }
    for index in 0..<buffer.count {
      if element(0, index).allSatisfy({ $0 == 0xFF }), element(1, index).allSatisfy({ $0 == 0x7B }) {
        return found(
          .memory, component, key: "\(function) \(name) unwritten",
          "\(function) does not write element \(index) of \(name), which has \(buffer.count) (\(place))")
      }
      if element(0, index) != element(2, index) {
        return found(
          .determinism, component, key: "\(function) \(name)",
          "element \(index) of \(name) changes from run to run (\(place))")
      }
      if element(0, index) != element(1, index) {
        return found(
          .memory, component, key: "\(function) \(name) depends",
          "element \(index) of \(name) depends on what stood there before \(function) (\(place))")
      }
    }
  }
}
