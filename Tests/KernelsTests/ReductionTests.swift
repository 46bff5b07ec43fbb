import Kernels
import Testing

@Suite struct ReductionTests {
  static let shapes = [
    (1, 0, 1), (3, 0, 2), (1, 1, 1), (2, 7, 1), (3, 16, 1), (2, 1000, 1), (1, 5000, 1), (1, 7, 5),
    (2, 33, 70),
    (3, 200, 17), (2, 3, 130),
  ]

  private func plain(_ f: ReduceFunction, _ x: [Double]) -> Double {
    switch f {
    case .sum: x.reduce(0, +)
    case .maximum: x.reduce(-.infinity, max)
    case .minimum: x.reduce(.infinity, min)
    case .sumOfSquares: x.reduce(0) { $0 + $1 * $1 }
    case .sumOfMagnitudes: x.reduce(0) { $0 + Swift.abs($1) }
    }
  }

  @Test(arguments: [ReduceFunction.sum, .maximum, .minimum, .sumOfSquares, .sumOfMagnitudes])
  func agreesWithThePlainLoop(_ f: ReduceFunction) {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for (outer, count, inner) in Self.shapes {
        let x = numbers(outer * count * inner, of: type)
        var expected: [Double] = []
        for o in 0..<outer {
          for i in 0..<inner {
            expected.append(plain(f, (0..<count).map { Double(x[(o * count + $0) * inner + i]) }))
          }
        }
        var y = [Scalar](repeating: .nan, count: outer * inner)
        Kernel.reduce(f, x: x, outer: outer, count: count, inner: inner, y: &y, accumulate: false)
        let size = Double(count) * 3
        #expect(firstFar(y, expected, size: size) == nil, "\(f) \(outer) \(count) \(inner)")
        y = [Scalar](repeating: 2, count: outer * inner)
        Kernel.reduce(f, x: x, outer: outer, count: count, inner: inner, y: &y, accumulate: true)
        let joined = expected.map {
          f == .maximum ? Swift.max(2, $0) : f == .minimum ? Swift.min(2, $0) : 2 + $0
        }
        #expect(firstFar(y, joined, size: size + 2) == nil, "\(f) accumulated")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func whatIsNotANumberWins() {
    for count in [1, 5, 16, 50, 3000] {
      for place in [0, count / 2, count - 1] {
        var x = numbers(count, of: Float.self)
        x[place] = .nan
        for f in [ReduceFunction.maximum, .minimum, .sum] {
          for inner in [1, count] {
            var y = [Float](repeating: 0, count: inner == 1 ? 1 : count)
            Kernel.reduce(
              f, x: x, outer: 1, count: count / inner, inner: inner, y: &y, accumulate: false)
            #expect(y[inner == 1 ? 0 : place].isNaN)
          }
        }
        var places: [Int32] = [0]
        Kernel.argmax(x: x, outer: 1, count: count, inner: 1, y: &places)
        #expect(places[0] == Int32(place))
      }
    }
  }

  @Test func longSumsKeepTheirDigits() {
    let count = 1 << 20
    let x = [Float](repeating: 0.1, count: count)
    let exact = Double(Float(0.1)) * Double(count)
    var y: [Float] = [0]
    Kernel.reduce(.sum, x: x, outer: 1, count: count, inner: 1, y: &y, accumulate: false)
    #expect(near(y[0], exact, units: 4))
    y = [0, 0]
    Kernel.reduce(.sum, x: x, outer: 1, count: count / 2, inner: 2, y: &y, accumulate: false)
    #expect(near(y[0], exact / 2, units: 1000))
    #expect(Swift.abs(Kernel.dot(x: x, y: x, count: count) / (exact * Double(Float(0.1))) - 1) < 1e-12)
  }

  @Test func dotProducts() {
    for count in sizes {
      let x = numbers(count, of: Float.self)
      let y = numbers(count, salt: 9, of: Float.self)
      let expected = (0..<count).reduce(0.0) { $0 + Double(x[$1]) * Double(y[$1]) }
      #expect(Swift.abs(Kernel.dot(x: x, y: y, count: count) - expected) < 1e-11)
    }
  }

  @Test func firstOfTheLargest() {
    for (outer, count, inner) in Self.shapes where count > 0 {
      // Few different values, so that equals are many.
      let x = numbers(outer * count * inner, of: Double.self).map { ($0 * 2).rounded() }
      for single in [true, false] {
        var y = [Int32](repeating: -1, count: outer * inner)
        if single {
          Kernel.argmax(x: x.map(Float.init), outer: outer, count: count, inner: inner, y: &y)
        } else {
          Kernel.argmax(x: x, outer: outer, count: count, inner: inner, y: &y)
        }
        for o in 0..<outer {
          for i in 0..<inner {
            let row = (0..<count).map { x[(o * count + $0) * inner + i] }
            let best = row.reduce(-.infinity, max)
            #expect(row.firstIndex(of: best) == Int(y[o * inner + i]))
          }
        }
      }
    }
  }

  @Test func runningSums() {
    for (outer, count, inner) in Self.shapes {
      for reverse in [false, true] {
        let x = numbers(outer * count * inner, of: Float.self)
        var expected = [Double](repeating: 0, count: x.count)
        for o in 0..<outer {
          for i in 0..<inner {
            var sum = 0.0
            for n in 0..<count {
              let place = (o * count + (reverse ? count - 1 - n : n)) * inner + i
              sum += Double(x[place])
              expected[place] = sum
            }
          }
        }
        var y = x
        y.withUnsafeMutableBufferPointer { y in
          guard let y = y.baseAddress else { return }
          Kernel.cumulativeSum(x: y, outer: outer, count: count, inner: inner, y: y, reverse: reverse)
        }
        #expect(firstFar(y, expected, size: 1) == nil)
      }
    }
  }
}
