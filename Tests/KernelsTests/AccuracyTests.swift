import Foundation
import Kernels
import Testing

/// The largest errors over all floats that are promised; `Benchmarks/accuracy/run` measures them float by float.
@Suite struct AccuracyTests {
  struct Promise: Sendable, CustomTestStringConvertible {
    let function: MapFunction
    let units: Double
    var testDescription: String { "\(function) to \(units)" }
  }

  static let promises = [
    Promise(function: .exp, units: 1), Promise(function: .log, units: 1), Promise(function: .sin, units: 1),
    Promise(function: .cos, units: 1), Promise(function: .elu, units: 1.25),
    Promise(function: .selu, units: 2), Promise(function: .tanh, units: 1),
    Promise(function: .sigmoid, units: 2), Promise(function: .softplus, units: 2),
    Promise(function: .silu, units: 1), Promise(function: .mish, units: 1),
    Promise(function: .gelu, units: 1),
    Promise(function: .geluTanh, units: 1),
  ]

  /// A lattice over all floats, and all floats near the places where something changes.
  static let floats: [Float] = {
    var patterns = Set<UInt32>()
    for pattern in stride(from: UInt32(0), to: .max, by: 4099) { patterns.insert(pattern) }
    let places: [Float] = [
      0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
      // Where the argument is cut into a power of two and a rest, and a significand in two.
      0.34657359, 1.0397208, 1.7328680, 0.70710677, 1.4142135, 1, 2,
      // Where a result overflows, becomes subnormal or becomes 0, and where an argument is held.
      88.72284, 89, 87.33655, 103.972084, 104, 108.7, 109, 110, 14.1, 15, 10.6, 11.5, 40, 80, 1e6, 1e30,
      // Where the errors were found to be largest.
      5.8471403, 0.28504172, 0.632865071, 3.60268688, 0.2015660, 0.2089071, 12.078063, 2.02044988, 5.1482973,
      1.32880151, 27.3283825, 0.139471054,
    ]
    for place in places {
      for step in UInt32(0)..<129 {
        patterns.insert(place.bitPattern &+ step &- 64)
        patterns.insert((-place).bitPattern &+ step &- 64)
      }
    }
    return patterns.map { Float(bitPattern: $0) }.filter { !$0.isNaN }.sorted()
  }()

  /// The error of `found` in distances of floats at `expected`; overflow counts as 2^128.
  static func units(_ found: Float, _ expected: Double) -> Double {
    if found.isNaN || expected.isNaN { return found.isNaN && expected.isNaN ? 0 : .infinity }
    if found == 0 && found.sign != expected.sign { return .infinity }
    let bound = 0x1p128
    let wanted = Swift.max(-bound, Swift.min(bound, expected))
    let value = Swift.max(-bound, Swift.min(bound, Double(found)))
    return Swift.abs(value - wanted) / Swift.max(wanted.binade.magnitude, 0x1p-126) * 0x1p23
  }

  /// Says where a result is further than `bound` from what is expected; nil where none is.
  static func fault(
    _ x: [Float], _ found: [Float], bound: Double, _ expected: (Double) -> Double
  ) -> String? {
    var (worst, place) = (0.0, 0)
    for index in x.indices {
      let error = units(found[index], expected(Double(x[index])))
      if error > worst { (worst, place) = (error, index) }
    }
    return worst <= bound ? nil : "\(worst) units at \(x[place]): \(found[place])"
  }

  /// The function in double; a share of 0 makes even what is infinite 0.
  static func expected(_ f: MapFunction, _ x: Double) -> Double {
    let isGated = [.silu, .mish, .gelu, .geluTanh].contains(f)
    if isGated && x.magnitude > 1e6 { return x > 0 ? x : -0.0 }
    if f == .softplus && x.isInfinite { return x > 0 ? x : 0 }
    return plain(f, x, 1, 0)
  }

  @Test(arguments: promises)
  func holdsOverAllFloats(_ promise: Promise) {
    let f = promise.function
    let y = mapped(f, Self.floats, a: 1, b: 0)
    #expect(Self.fault(Self.floats, y, bound: promise.units) { Self.expected(f, $0) } == nil, "\(f)")
  }

  @Test(arguments: [0.5, -0.5, Float(1) / 3, 3, -7.7, 1.0000001, 24.5, 1e-3, 16_777_215, 0, .infinity])
  func powersHoldOverAllFloats(_ exponent: Float) {
    let x = stride(from: 0, to: Self.floats.count, by: 7).map { Self.floats[$0] }
    var y = [Float](repeating: 0, count: x.count)
    Kernel.binary(.power, a: x, aStride: 1, b: [exponent], bStride: 0, y: &y, count: x.count)
    #expect(Self.fault(x, y, bound: 1) { pow($0, Double(exponent)) } == nil, "\(exponent)")
  }

  /// e^x by a series whose third coefficient is given.
  private func series(_ x: Float, third: Double) -> Float {
    let n = (Double(x) / log(2)).rounded()
    let r = Double(x) - n * log(2)
    let tail = third + r * (1 / 24.0 + r * (1 / 120.0 + r * (1 / 720.0 + r * (1 / 5040.0))))
    return Float(exp2(n) * (1 + r * (1 + r * (0.5 + r * tail))))
  }

  @Test func aWrongCoefficientIsFound() {
    let x = Self.floats.filter { $0.magnitude < 80 }
    #expect(Self.fault(x, x.map { series($0, third: 1 / 6.0) }, bound: 1, exp) == nil)
    #expect(Self.fault(x, x.map { series($0, third: 0.16667) }, bound: 1, exp) != nil)
    #expect(Self.fault([0], [-0.0], bound: 1, tanh) != nil)
    #expect(Self.fault([1], [.nan], bound: 1, tanh) != nil)
    #expect(Self.fault([89], [Float.greatestFiniteMagnitude.nextDown.nextDown], bound: 1, exp) != nil)
  }
}
