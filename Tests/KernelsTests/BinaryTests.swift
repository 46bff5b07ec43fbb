import Foundation
import Kernels
import Testing

@Suite struct BinaryTests {
  @Test(arguments: BinaryFunction.allCases)
  func agreesWithThePlainLoop(_ f: BinaryFunction) {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for count in sizes where count > 0 {
        let a: [Scalar] = numbers(count, of: type).map { f == .power ? Swift.abs($0) : $0 }
        let b = numbers(count, salt: 3, of: type)
        for (aStride, bStride) in [(1, 1), (0, 1), (1, 0), (0, 0)] {
          var y = [Scalar](repeating: .nan, count: count)
          Kernel.binary(f, a: a, aStride: aStride, b: b, bStride: bStride, y: &y, count: count)
          let expected = (0..<count).map { plain(f, Double(a[$0 * aStride]), Double(b[$0 * bStride])) }
          #expect(firstFar(y, expected) == nil, "\(f) of \(count)")
        }
        var inPlace = b
        inPlace.withUnsafeMutableBufferPointer { y in
          guard let y = y.baseAddress else { return }
          Kernel.binary(f, a: a, aStride: 1, b: y, bStride: 1, y: y, count: count)
        }
        #expect(firstFar(inPlace, (0..<count).map { plain(f, Double(a[$0]), Double(b[$0])) }) == nil)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func powerInItsCorners() {
    let cases: [(Float, Float)] = [
      (-2, 3), (-2, 2), (-2, 0.5), (0, 0), (0, 2), (0, -1), (-0.0, -1), (-0.0, 3), (2, 200), (2, -200),
      (-2, 200), (1, .nan), (.nan, 0), (.nan, 1), (.infinity, -2), (-.infinity, 3), (3, .infinity),
      (0.5, .infinity), (-1, 1e10), (-1, 16_777_215), (1.0000001, 1e7), (0.3, 7), (1e-40, 0.5),
    ]
    for (a, b) in cases {
      // With the exponents apart, so that none takes the way of a common one.
      var y: [Float] = [0, 0]
      Kernel.binary(.power, a: [a, 1], aStride: 1, b: [b, 1], bStride: 1, y: &y, count: 2)
      let expected = pow(Double(a), Double(b))
      #expect(near(y[0], Double(Float(expected)), units: 2), "\(a)^\(b) is \(y[0]), expected \(expected)")
    }
    for b: Float in [2, 1, -1, 0.5] {
      var y: [Float] = [0, 0]
      Kernel.binary(.power, a: [3, 0.7], aStride: 1, b: [b], bStride: 0, y: &y, count: 2)
      #expect(firstFar(y, [pow(3, Double(b)), pow(Double(Float(0.7)), Double(b))]) == nil)
    }
  }

  @Test(arguments: BinaryFunction.allCases)
  func gradientIsThatOfDifferences(_ f: BinaryFunction) {
    let count = 300
    let a = numbers(count, of: Double.self).map { f == .power ? Swift.abs($0) + 0.1 : $0 }
    let b = numbers(count, salt: 3, of: Double.self).map { Swift.abs($0) + 0.2 }
    let gy = numbers(count, salt: 4, of: Double.self)
    var y = [Double](repeating: 0, count: count)
    Kernel.binary(f, a: a, aStride: 1, b: b, bStride: 1, y: &y, count: count)
    let h = 1e-6
    for side in 0...1 {
      var out = [Double](repeating: .nan, count: count)
      Kernel.binaryGradient(
        f, side: side, a: a, aStride: 1, b: b, bStride: 1, y: y, gy: gy, out: &out, count: count)
      var single = [Float](repeating: .nan, count: count)
      Kernel.binaryGradient(
        f, side: side, a: a.map(Float.init), aStride: 1, b: b.map(Float.init), bStride: 1,
        y: y.map(Float.init), gy: gy.map(Float.init), out: &single, count: count)
      for i in 0..<count {
        let (da, db) = side == 0 ? (h, 0) : (0, h)
        let slope = (plain(f, a[i] + da, b[i] + db) - plain(f, a[i] - da, b[i] - db)) / (2 * h)
        #expect(Swift.abs(out[i] - gy[i] * slope) < 1e-6 * max(1, Swift.abs(slope), Swift.abs(y[i])))
        #expect(Swift.abs(Double(single[i]) - out[i]) < 1e-5 * max(1, Swift.abs(out[i])), "\(f)")
      }
    }
  }

  @Test func gradientsInTheCorners() {
    func slope(_ f: BinaryFunction, _ side: Int, _ a: Float, _ b: Float) -> Float {
      var y: [Float] = [0]
      var out: [Float] = [.nan]
      Kernel.binary(f, a: [a], aStride: 1, b: [b], bStride: 1, y: &y, count: 1)
      Kernel.binaryGradient(
        f, side: side, a: [a], aStride: 1, b: [b], bStride: 1, y: y, gy: [1], out: &out, count: 1)
      return out[0]
    }
    for side in 0...1 {
      #expect(slope(.maximum, side, 2, 2) == 0.5)
      #expect(slope(.minimum, side, 2, 2) == 0.5)
    }
    #expect(slope(.power, 0, 0, 0) == 0)
    #expect(slope(.power, 0, 0, 2) == 0)
    #expect(slope(.power, 0, 0, 1) == 1)
    #expect(slope(.power, 1, 0, 0) == 0)
    #expect(slope(.power, 1, 0, 2) == 0)
    #expect(slope(.power, 0, -3, 2) == -6)
  }

  @Test func sumsIntoAnArray() {
    for count in sizes {
      let a = numbers(count, of: Float.self)
      let b = numbers(count, salt: 1, of: Float.self)
      let start = numbers(count, salt: 2, of: Float.self)
      var y = start
      Kernel.addScaled(alpha: 0.5, x: a, y: &y, count: count)
      #expect(firstFar(y, (0..<count).map { Double(start[$0]) + 0.5 * Double(a[$0]) }, size: 3) == nil)
      y = start
      Kernel.multiplyAdd(a: a, b: b, y: &y, count: count)
      let expected = (0..<count).map { Double(start[$0]) + Double(a[$0]) * Double(b[$0]) }
      #expect(firstFar(y, expected, size: 9) == nil)
      Kernel.fill(value: 0.1, y: &y, count: count)
      #expect(y == [Float](repeating: 0.1, count: count))
    }
  }

  @Test func findsWhatIsNotFinite() {
    for count in sizes {
      var x = numbers(count, scale: 1e30, of: Float.self)
      #expect(Kernel.allFinite(x: x, count: count))
      for place in [0, count / 2, count - 1] where count > 0 {
        for value in [Float.nan, .infinity, -.infinity] {
          let kept = x[place]
          x[place] = value
          #expect(!Kernel.allFinite(x: x, count: count))
          x[place] = kept
        }
      }
    }
  }
}
