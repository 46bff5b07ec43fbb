import Foundation
import Kernels
import Testing

@Suite struct MapTests {
  @Test(arguments: MapFunction.allCases)
  func agreesWithThePlainLoop(_ f: MapFunction) {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for count in sizes {
        let x = domain(f, numbers(count, scale: 8, of: type))
        let expected = x.map { plain(f, Double($0), 0.7, 1.1) }
        var y = mapped(f, x, a: 0.7, b: 1.1)
        // Sums of operands lose what their size gives away; the far tails of the rest are exact.
        let size = [.linear, .sin, .cos, .hardSigmoid, .hardSwish].contains(f) ? 6.0 : 0
        // The exponent of a bell curve magnifies the rounding of its operand.
        let units = f == .gelu || f == .geluTanh ? 200.0 : 16
        #expect(firstFar(y, expected, size: size, units: units) == nil, "\(f) of \(count)")
        y = x
        y.withUnsafeMutableBufferPointer { y in
          guard let place = y.baseAddress else { return }
          Kernel.map(f, x: place, y: place, count: count, a: 0.7, b: 1.1)
        }
        #expect(y == mapped(f, x, a: 0.7, b: 1.1), "\(f) in place")
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: MapFunction.allCases)
  func gradientIsThatOfDifferences(_ f: MapFunction) {
    let x = domain(f, numbers(1000, scale: 5, of: Double.self)).filter { x in
      // Away from the kinks.
      [0, 6, -3, 3, 0.7, 1.1].allSatisfy { Swift.abs(x - $0) > 1e-3 }
    }
    let gy = numbers(x.count, salt: 5, of: Double.self)
    let found = gradient(f, x, gy: gy, a: 0.7, b: 1.1)
    let h = 1e-5
    for i in x.indices {
      let slope = (plain(f, x[i] + h, 0.7, 1.1) - plain(f, x[i] - h, 0.7, 1.1)) / (2 * h)
      let size = max(1, Swift.abs(slope), Swift.abs(plain(f, x[i], 0.7, 1.1)))
      #expect(Swift.abs(found[i] - gy[i] * slope) < 1e-7 * size * size, "\(f) at \(x[i])")
    }
    let single = gradient(f, x.map(Float.init), gy: gy.map(Float.init), a: 0.7, b: 1.1)
    for i in x.indices {
      #expect(
        Swift.abs(Double(single[i]) - found[i]) < 2e-5 * max(1, Swift.abs(found[i])), "\(f) at \(x[i])")
    }
  }

  @Test func gradientsAtKinks() {
    func slope(_ f: MapFunction, _ x: Float, a: Double = 0.25, b: Double = 2) -> Float {
      gradient(f, [x], gy: [1], a: a, b: b)[0]
    }
    #expect(slope(.relu, 0) == 0)
    #expect(slope(.relu6, 0) == 0)
    #expect(slope(.relu6, 6) == 0)
    #expect(slope(.relu6, 5.9999995) == 1)
    #expect(slope(.abs, 0) == 0)
    #expect(slope(.sign, 0) == 0)
    #expect(slope(.clip, 0.25) == 0)
    #expect(slope(.clip, 2) == 0)
    #expect(slope(.clip, 1) == 1)
    #expect(slope(.hardSigmoid, -3) == 0)
    #expect(slope(.hardSigmoid, 3) == 0)
    #expect(slope(.hardSigmoid, 2.9999998) == Float(1.0 / 6))
    #expect(slope(.hardSwish, -3) == 0)
    #expect(slope(.hardSwish, 3) == 1)
    #expect(slope(.leakyRelu, 0) == 0.25)
    #expect(slope(.elu, 0) == 0.25)
    #expect(slope(.step, 1) == 0)
  }

  @Test func tailsAreExact() {
    func of(_ f: MapFunction, _ x: Float, a: Double = 1, b: Double = 0) -> Float {
      mapped(f, [x], a: a, b: b)[0]
    }
    #expect(of(.sigmoid, -100) == Float(Foundation.exp(-100.0)))
    #expect(of(.sigmoid, 100) == 1)
    #expect(of(.sigmoid, -1e30) == 0)
    #expect(of(.silu, -1000) == 0)
    #expect(of(.silu, -1e30) == 0)
    #expect(of(.silu, 1e30) == 1e30)
    #expect(of(.gelu, 30) == 30)
    #expect(of(.gelu, -30) == 0)
    #expect(of(.gelu, 1e30) == 1e30)
    #expect(of(.gelu, -1e30) == 0)
    #expect(near(of(.gelu, -10), -10 * 0.5 * erfc(10 / 2.0.squareRoot()), units: 8))
    #expect(of(.geluTanh, 1e30) == 1e30)
    #expect(of(.geluTanh, -1e30) == 0)
    #expect(of(.mish, 1e30) == 1e30)
    #expect(of(.mish, -1e30) == 0)
    #expect(near(of(.mish, -80), -80 * Foundation.exp(-80.0)))
    #expect(of(.tanh, 20) == 1)
    #expect(of(.tanh, -1e30) == -1)
    #expect(of(.tanh, 1e-20) == 1e-20)
    #expect(of(.softplus, 100) == 100)
    #expect(of(.softplus, 1e30) == 1e30)
    #expect(near(of(.softplus, -80), Foundation.exp(-80.0)))
    #expect(of(.elu, -1e30) == -1)
    #expect(of(.elu, -1e-20) == -1e-20)
    #expect(of(.exp, 88.5) == Float(Foundation.exp(88.5)))
    #expect(of(.exp, 89) == .infinity)
    #expect(of(.exp, -200) == 0)
    #expect(of(.exp, -.infinity) == 0)
    #expect(of(.exp, .infinity) == .infinity)
    #expect(near(of(.log, 1e-44), Foundation.log(Double(Float(1e-44)))))
    #expect(of(.log, 0) == -.infinity)
    #expect(of(.log, -1).isNaN)
    #expect(of(.log, .infinity) == .infinity)
    #expect(near(of(.sin, 1e30), Foundation.sin(Double(Float(1e30)))))
    #expect(of(.cos, 0) == 1)
    for f in [MapFunction.gelu, .geluTanh, .silu, .mish, .softplus, .hardSwish, .softsign, .celu] {
      for (x, slope) in [(Float(1e30), Float(1)), (-1e30, 0)] {
        let expected = f == .softsign ? 0 : slope
        #expect(gradient(f, [x], gy: [1], a: 1, b: 0)[0] == expected, "\(f) at \(x)")
      }
    }
  }

  @Test(arguments: MapFunction.allCases)
  func whatIsNotANumberStaysSo(_ f: MapFunction) {
    // A step has two answers and no third.
    if f == .step { return }
    #expect(mapped(f, [Float.nan], a: 1, b: 2)[0].isNaN, "\(f)")
    #expect(mapped(f, [Double.nan], a: 1, b: 2)[0].isNaN, "\(f)")
  }

  @Test(arguments: [MapFunction.exp, .log, .tanh, .sigmoid, .sin, .cos, .softplus, .elu])
  func accurateToFourUnits(_ f: MapFunction) {
    var seed: UInt64 = 1
    let x: [Float] = (0..<200_000).map { _ in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let magnitude = Foundation.exp2(Double(seed >> 40) / Double(1 << 24) * 40 - 33)
      return Float(f != .log && seed & 1 << 20 != 0 ? -magnitude : magnitude)
    }
    let y = mapped(f, x, a: 1, b: 0)
    #expect(firstFar(y, x.map { plain(f, Double($0), 1, 0) }, units: 3) == nil, "\(f)")
  }

  @Test(arguments: MapFunction.allCases)
  func sameBitsAtEveryPlace(_ f: MapFunction) {
    let x = domain(f, numbers(200, scale: 20, of: Float.self))
    let whole = mapped(f, x, a: 0.7, b: 1.1).map(\.bitPattern)
    let slopes = gradient(f, x, gy: x, a: 0.7, b: 1.1).map(\.bitPattern)
    for (from, to) in [(0, 1), (3, 4), (1, 18), (5, 69), (17, 200), (100, 115)] {
      let part = Array(x[from..<to])
      #expect(mapped(f, part, a: 0.7, b: 1.1).map(\.bitPattern) == Array(whole[from..<to]), "\(f)")
      #expect(gradient(f, part, gy: part, a: 0.7, b: 1.1).map(\.bitPattern) == Array(slopes[from..<to]))
    }
    var y = [Float](repeating: 0, count: 200)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let from = x.baseAddress, let to = y.baseAddress else { return }
        Kernel.map(f, x: from + 3, y: to + 5, count: 150, a: 0.7, b: 1.1)
      }
    }
    #expect(y[5..<155].map(\.bitPattern) == Array(whole[3..<153]), "\(f)")
  }
}
