import Kernels
import Tensors
import Testing

@Suite struct CopyTests {
  /// Copies an array of the dimensions through a permutation, against an odometer.
  private func check<Element: FixedWidthInteger>(_ dimensions: [Int], _ permutation: [Int], of: Element.Type)
  {
    let count = dimensions.reduce(1, *)
    let source = (0..<count).map { Element(truncatingIfNeeded: $0 &* 7919 &+ 1) }
    var strides = [Int](repeating: 1, count: dimensions.count)
    for d in stride(from: dimensions.count - 2, through: 0, by: -1) {
      strides[d] = strides[d + 1] * dimensions[d + 1]
    }
    let target = permutation.map { dimensions[$0] }
    let from = permutation.map { strides[$0] }
    var to = [Int](repeating: 1, count: target.count)
    for d in stride(from: target.count - 2, through: 0, by: -1) { to[d] = to[d + 1] * target[d + 1] }
    var found = [Element](repeating: 0, count: max(1, count))
    Kernel.copyStrided(
      elementSize: MemoryLayout<Element>.size, rank: target.count, dimensions: target, source: source,
      sourceStrides: from, destination: &found, destinationStrides: to)
    for n in 0..<count {
      var place = 0
      for d in target.indices { place += n / to[d] % target[d] * from[d] }
      #expect(found[n] == source[place], "\(dimensions) by \(permutation) at \(n)")
      if found[n] != source[place] { return }
    }
  }

  @Test func permutations() {
    let cases: [([Int], [Int])] = [
      ([], []), ([5], [0]), ([3, 4], [0, 1]), ([3, 4], [1, 0]), ([40, 33], [1, 0]), ([2, 3, 4], [2, 1, 0]),
      ([2, 3, 4], [0, 2, 1]), ([2, 5, 3, 8], [0, 2, 1, 3]), ([2, 5, 3, 8], [3, 0, 2, 1]),
      ([1, 7, 1, 20], [3, 2, 1, 0]), ([2, 1, 2, 3, 1, 2, 2, 3], [7, 0, 6, 1, 5, 2, 4, 3]),
      ([4, 0, 3], [2, 0, 1]),
    ]
    for (dimensions, permutation) in cases {
      check(dimensions, permutation, of: UInt8.self)
      check(dimensions, permutation, of: Int32.self)
      check(dimensions, permutation, of: Int64.self)
    }
  }

  @Test func repeatsAndSlices() {
    let source: [Float] = [1, 2, 3, 4, 5, 6]
    var found = [Float](repeating: 0, count: 12)
    // One row over four, then every second column, backwards.
    Kernel.copyStrided(
      elementSize: 4, rank: 2, dimensions: [4, 3], source: source, sourceStrides: [0, 1], destination: &found,
      destinationStrides: [3, 1])
    #expect(found == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    Kernel.copyStrided(
      elementSize: 4, rank: 2, dimensions: [3, 4], source: source, sourceStrides: [1, 0], destination: &found,
      destinationStrides: [4, 1])
    #expect(found == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
    found = [Float](repeating: 0, count: 3)
    source.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      Kernel.copyStrided(
        elementSize: 4, rank: 1, dimensions: [3], source: start + 20, sourceStrides: [-2],
        destination: &found,
        destinationStrides: [1])
    }
    #expect(found == [6, 4, 2])
  }

  private func cast<From, To>(_ x: [From], _ from: ElementType, _ zero: To, _ to: ElementType) -> [To] {
    var y = [To](repeating: zero, count: x.count)
    Kernel.cast(from: x, from, to: &y, to, count: x.count)
    return y
  }

  @Test func conversions() {
    let floats: [Float] = [0, -0.0, 1.9, -1.9, 3e9, -3e9, .nan, .infinity, -.infinity, 2_147_483_520, 1e-40]
    let integers: [Int32] = [
      0, 0, 1, -1, .max, .min, 0, .max, .min, 2_147_483_520, 0,
    ]
    // Long enough for the vector loop, too.
    for copies in [1, 5] {
      let x = [[Float]](repeating: floats, count: copies).flatMap { $0 }
      let i = [[Int32]](repeating: integers, count: copies).flatMap { $0 }
      #expect(cast(x, .float32, Int32(7), .int32) == i)
      #expect(cast(x.map(Double.init), .float64, Int32(7), .int32) == i)
      #expect(cast(x, .float32, UInt8(7), .bool) == x.map { $0 != 0 ? 1 : 0 })
      #expect(cast(x.map(Double.init), .float64, UInt8(7), .bool) == x.map { $0 != 0 ? 1 : 0 })
      #expect(cast(i, .int32, Float(7), .float32) == i.map { Float($0) })
      #expect(cast(i, .int32, Double(7), .float64) == i.map(Double.init))
      #expect(cast(i, .int32, UInt8(7), .bool) == i.map { $0 != 0 ? 1 : 0 })
      let bits = cast(i, .int32, UInt8(7), .bool)
      #expect(cast(bits, .bool, Float(7), .float32) == bits.map { Float($0) })
      #expect(cast(bits, .bool, Double(7), .float64) == bits.map { Double($0) })
      #expect(cast(bits, .bool, Int32(7), .int32) == bits.map { Int32($0) })
      #expect(cast(bits, .bool, UInt8(7), .bool) == bits)
      #expect(cast(i, .int32, Int32(7), .int32) == i)
      let wide = cast(x, .float32, Double(7), .float64)
      #expect(wide.map(\.bitPattern) == x.map { Double($0).bitPattern })
      #expect(cast(wide, .float64, Float(7), .float32).map(\.bitPattern) == x.map(\.bitPattern))
    }
  }
}
