import Kernels
import Testing

@Suite struct ProductTests {
  /// One product against the plain loop, with room behind each row; C holds NaN where it must not be read.
  private func check<Scalar: FloatScalar>(
    _ type: Scalar.Type, _ m: Int, _ n: Int, _ k: Int, _ ta: Bool, _ tb: Bool, alpha: Double, beta: Double,
    extra: Int, finish: (bias: Bool, clamp: Bool) = (false, false)
  ) {
    let (rowsA, columnsA) = ta ? (k, m) : (m, k)
    let (rowsB, columnsB) = tb ? (n, k) : (k, n)
    let (la, lb, lc) = (columnsA + extra, columnsB + extra, n + extra)
    let a = numbers(max(1, rowsA * la), of: type)
    let b = numbers(max(1, rowsB * lb), salt: 1, of: type)
    let old: [Scalar] =
      beta == 0
      ? [Scalar](repeating: .nan, count: max(1, m * lc)) : numbers(max(1, m * lc), salt: 2, of: type)
    var c = old
    let bias = numbers(max(1, n), salt: 3, of: type)
    bias.withUnsafeBufferPointer { pointer in
      Kernel.product(
        transposeA: ta, transposeB: tb, m: m, n: n, k: k, alpha: alpha, a: a, leadingA: la, b: b,
        leadingB: lb,
        beta: beta, bias: finish.bias ? pointer.baseAddress : nil, clamped: finish.clamp, c: &c, leadingC: lc)
    }
    for i in 0..<m {
      for j in 0..<lc {
        let found = c[i * lc + j]
        let before = old[i * lc + j]
        if j >= n {
          // What lies between the rows is not ours.
          #expect(found == before || (found.isNaN && before.isNaN))
          continue
        }
        var sum = 0.0
        for p in 0..<k {
          sum += Double(ta ? a[p * la + i] : a[i * la + p]) * Double(tb ? b[j * lb + p] : b[p * lb + j])
        }
        let shift = finish.bias ? Double(bias[j]) : 0
        let plain = alpha * sum + (beta == 0 ? 0 : beta * Double(before)) + shift
        let expected = finish.clamp ? max(0, plain) : plain
        #expect(
          near(found, expected, size: 9 * Double(k) + 3, units: 4),
          "\(type) \(m) \(n) \(k) \(ta) \(tb) at \(i), \(j): \(found), expected \(expected)")
      }
    }
  }

  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func agreesWithThePlainLoop(_ transposed: (Bool, Bool)) {
    var seed: UInt64 = 7
    func draw(_ limit: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % limit + 1
    }
    for round in 0..<60 {
      let (m, n, k) = (draw(40), draw(40), draw(40))
      let (alpha, beta) = [(1.0, 0.0), (1, 1), (-0.5, 0), (2, 0.25)][round % 4]
      let extra = round % 3 == 0 ? 5 : 0
      check(Float.self, m, n, k, transposed.0, transposed.1, alpha: alpha, beta: beta, extra: extra)
      check(Double.self, m, n, k, transposed.0, transposed.1, alpha: alpha, beta: beta, extra: extra)
    }
    for (m, n, k) in [(1, 1, 1), (4, 2, 8), (1, 70, 300), (3, 50, 20), (70, 50, 40), (9, 17, 260)] {
      for beta in [0.0, 1] {
        check(Float.self, m, n, k, transposed.0, transposed.1, alpha: 1, beta: beta, extra: 3)
        check(Double.self, m, n, k, transposed.0, transposed.1, alpha: 1, beta: beta, extra: 3)
      }
    }
  }

  /// Every form of the product: by tiles, by dots, of depth 1, by oneDNN; with and without what follows the sum.
  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func addsTheBiasAndClamps(_ transposed: (Bool, Bool)) {
    for (m, n, k) in [
      (1, 9, 20), (5, 18, 33), (13, 40, 70), (8, 35, 400), (30, 20, 1), (12, 5, 0), (90, 90, 90),
    ] {
      for finish in [(true, false), (false, true), (true, true)] {
        for beta in [0.0, 0.5] {
          check(
            Float.self, m, n, k, transposed.0, transposed.1, alpha: 1, beta: beta, extra: 2, finish: finish)
          check(
            Double.self, m, n, k, transposed.0, transposed.1, alpha: 1, beta: beta, extra: 0, finish: finish)
        }
      }
    }
  }

  @Test func emptyProducts() {
    for (m, n, k) in [(0, 3, 2), (3, 0, 2), (3, 2, 0), (0, 0, 0)] {
      for beta in [0.0, 0.5] {
        check(Float.self, m, n, k, false, false, alpha: 1, beta: beta, extra: 0)
        check(Double.self, m, n, k, true, true, alpha: 1, beta: beta, extra: 1)
      }
    }
  }
}
