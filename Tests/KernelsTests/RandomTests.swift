import Kernels
import Testing

@Suite struct RandomTests {
  private func uniform<Scalar: FloatScalar>(
    _ count: Int, key: UInt64 = 42, start: UInt64 = 0, low: Double = 0, high: Double = 1, of: Scalar.Type
  ) -> [Scalar] {
    var y = [Scalar](repeating: .nan, count: count)
    Kernel.randomUniform(key: key, start: start, y: &y, count: count, low: low, high: high)
    return y
  }

  private func normal<Scalar: FloatScalar>(
    _ count: Int, key: UInt64 = 42, start: UInt64 = 0, of: Scalar.Type
  ) -> [Scalar] {
    var y = [Scalar](repeating: .nan, count: count)
    Kernel.randomNormal(key: key, start: start, y: &y, count: count)
    return y
  }

  @Test func knownAnswers() {
    // Philox4x32-10 of counter 0 and key 0, as its authors publish it.
    let words: [UInt32] = [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]
    let y = uniform(4, key: 0, of: Double.self)
    #expect(y == words.map { Double($0 >> 8) / Double(1 << 24) })
  }

  @Test func partsAreTheWhole() {
    let whole = uniform(300, start: 5, of: Float.self)
    let drawn = normal(300, start: 5, of: Double.self)
    for (from, to) in [(0, 1), (0, 59), (59, 60), (61, 200), (123, 300)] {
      let start = UInt64(5 + from)
      #expect(uniform(to - from, start: start, of: Float.self) == Array(whole[from..<to]))
      #expect(normal(to - from, start: start, of: Double.self) == Array(drawn[from..<to]))
    }
    let far = uniform(100, start: .max - 40, of: Float.self)
    #expect(Array(far[41...]) == uniform(59, start: 0, of: Float.self))
  }

  @Test func bothTypesDrawTheSameNumbers() {
    #expect(uniform(500, of: Double.self).map(Float.init) == uniform(500, of: Float.self))
    #expect(normal(500, of: Double.self).map(Float.init) == normal(500, of: Float.self))
  }

  @Test func moments() {
    let count = 1 << 18
    let n = Double(count)
    // The numbers' own mean and variance, and that neighbours do not know of each other.
    let u = uniform(count, low: -1, high: 3, of: Double.self)
    #expect(Swift.abs(u.reduce(0, +) / n - 1) < 0.01)
    #expect(Swift.abs(u.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / n - 16.0 / 12) < 0.01)
    #expect(u.allSatisfy { $0 >= -1 && $0 < 3 })
    let z = normal(count, of: Double.self)
    #expect(Swift.abs(z.reduce(0, +) / n) < 0.01)
    #expect(Swift.abs(z.reduce(0) { $0 + $1 * $1 } / n - 1) < 0.01)
    #expect(Swift.abs(z.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n - 3) < 0.1)
    for step in 1...4 {
      let along = (0..<(count - step)).reduce(0.0) { $0 + z[$1] * z[$1 + step] } / n
      #expect(Swift.abs(along) < 0.01)
    }
    let other = normal(count, key: 43, of: Double.self)
    #expect(Swift.abs(zip(z, other).reduce(0) { $0 + $1.0 * $1.1 } / n) < 0.01)
  }

  @Test func theUpperBoundIsNotReached() {
    // In 32 bits, most of these would round to the bound.
    let y = uniform(10_000, low: 16_777_215, high: 16_777_216, of: Float.self)
    #expect(y.allSatisfy { $0 == 16_777_215 })
  }

  @Test func keys() {
    let key = RandomKey.make(seed: 1, purpose: "dropout", name: "hidden", parameter: "", step: 3)
    #expect(key == RandomKey.make(seed: 1, purpose: "dropout", name: "hidden", parameter: "", step: 3))
    var seen: Set<UInt64> = []
    for seed in UInt64(0)..<4 {
      for (purpose, name, parameter) in [("a", "b", "c"), ("ab", "", "c"), ("a", "bc", ""), ("", "a", "bc")] {
        for step in UInt64(0)..<4 {
          seen.insert(
            RandomKey.make(seed: seed, purpose: purpose, name: name, parameter: parameter, step: step))
        }
      }
    }
    #expect(seen.count == 64)
    // Stored models are reproduced by these: they never change.
    #expect(RandomKey.make(seed: 0, purpose: "", name: "", parameter: "", step: 0) == 0x4FF4_C06F_B1A5_5A63)
    #expect(
      RandomKey.make(seed: 7, purpose: "initial", name: "hidden", parameter: "weight", step: 0)
        == 0xE5BE_C6B7_8413_5531)
  }
}
