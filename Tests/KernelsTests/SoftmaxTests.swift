import Foundation
import Kernels
import Testing

@Suite struct SoftmaxTests {
  static let shapes = [
    (1, 1, 1), (3, 2, 1), (5, 10, 1), (2, 16, 1), (2, 17, 1), (2, 3000, 1), (2, 5, 3), (2, 9, 40),
  ]

  /// Walks over the rows of `[outer, count, inner]`: their places, in order.
  private func rows(_ outer: Int, _ count: Int, _ inner: Int) -> [[Int]] {
    (0..<outer).flatMap { o in
      (0..<inner).map { i in (0..<count).map { (o * count + $0) * inner + i } }
    }
  }

  private func softmax(_ x: [Double]) -> [Double] {
    let top = x.reduce(-.infinity, max)
    let terms = x.map { exp($0 - top) }
    let sum = terms.reduce(0, +)
    return terms.map { $0 / sum }
  }

  @Test func forwardAndBackward() {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for (outer, count, inner) in Self.shapes {
        let x = numbers(outer * count * inner, scale: 20, of: type)
        let gy = numbers(x.count, salt: 3, of: type)
        var expected = [[Double]](repeating: [Double](repeating: 0, count: x.count), count: 4)
        for places in rows(outer, count, inner) {
          let p = softmax(places.map { Double(x[$0]) })
          let g = places.map { Double(gy[$0]) }
          let along = zip(p, g).reduce(0) { $0 + $1.0 * $1.1 }
          let sum = g.reduce(0, +)
          let top = places.map { Double(x[$0]) }.reduce(-.infinity, max)
          let logarithm = log(places.reduce(0) { $0 + exp(Double(x[$1]) - top) })
          for (n, i) in places.enumerated() {
            expected[0][i] = p[n]
            expected[1][i] = Double(x[i]) - top - logarithm
            expected[2][i] = p[n] * (g[n] - along)
            expected[3][i] = g[n] - p[n] * sum
          }
        }
        var y = x
        var logarithms = x
        y.withUnsafeMutableBufferPointer { y in
          guard let y = y.baseAddress else { return }
          Kernel.softmax(x: y, y: y, outer: outer, count: count, inner: inner)
        }
        Kernel.logSoftmax(x: x, y: &logarithms, outer: outer, count: count, inner: inner)
        #expect(firstFar(y, expected[0], units: 200) == nil)
        #expect(firstFar(logarithms, expected[1], size: 20) == nil)
        var gx = x
        Kernel.softmaxGradient(y: y, gy: gy, gx: &gx, outer: outer, count: count, inner: inner)
        #expect(firstFar(gx, expected[2], size: 3, units: 64) == nil)
        gx = gy
        gx.withUnsafeMutableBufferPointer { gx in
          guard let gx = gx.baseAddress else { return }
          Kernel.logSoftmaxGradient(y: logarithms, gy: gx, gx: gx, outer: outer, count: count, inner: inner)
        }
        #expect(firstFar(gx, expected[3], size: 3 * Double(count), units: 64) == nil)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func extremes() {
    for count in [3, 20] {
      var x = [Float](repeating: -1e30, count: count)
      x[1] = 1e30
      var y = x
      Kernel.softmax(x: x, y: &y, outer: 1, count: count, inner: 1)
      #expect(y.map { Int($0) } == (0..<count).map { $0 == 1 ? 1 : 0 })
      x[2] = -.infinity
      Kernel.softmax(x: x, y: &y, outer: 1, count: count, inner: 1)
      #expect(y[1] == 1 && y[2] == 0)
      x[0] = .nan
      Kernel.softmax(x: x, y: &y, outer: 1, count: count, inner: 1)
      #expect(y.allSatisfy { $0.isNaN })
      var loss: [Float] = [0]
      Kernel.softmaxCrossEntropy(
        logits: [Float](repeating: 0, count: count - 1) + [.nan], classes: [0], distribution: nil,
        loss: &loss, delta: nil, rows: 1, columns: count)
      #expect(loss[0].isNaN)
    }
  }

  /// Loss and gradient of one row, plainly.
  private func crossEntropy(_ x: [Double], _ t: [Double]) -> (Double, [Double]) {
    let top = x.reduce(-.infinity, max)
    let logarithm = log(x.reduce(0) { $0 + exp($1 - top) })
    let sum = t.reduce(0, +)
    let loss = x.indices.reduce(0) { $0 + (t[$1] == 0 ? 0 : t[$1] * (logarithm + top - x[$1])) }
    return (loss, zip(softmax(x), t).map { $0 * sum - $1 })
  }

  @Test(arguments: [0.0, 0.1])
  func crossEntropyOfLogits(smoothing: Double) {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for (rows, columns) in [(1, 1), (4, 2), (9, 10), (5, 16), (5, 17), (3, 1000), (2, 2500)] {
        let x = numbers(rows * columns, scale: 9, of: type)
        let classes = (0..<rows).map { Int32(($0 * 5 + 1) % columns) }
        let t = numbers(rows * columns, salt: 4, of: type).map { $0 < 0 ? 0 : $0 }
        let ignored: Int32? = rows > 2 ? classes[2] : nil
        for byClass in [true, false] {
          var losses: [Double] = []
          var deltas: [Double] = []
          for r in 0..<rows {
            let range = (r * columns)..<((r + 1) * columns)
            if byClass && classes[r] == ignored {
              losses.append(0)
              deltas += [Double](repeating: 0, count: columns)
              continue
            }
            let target = range.map { i in
              let given = byClass ? (i - range.lowerBound == Int(classes[r]) ? 1 : 0) : Double(t[i])
              return (1 - smoothing) * given + smoothing / Double(columns)
            }
            let (loss, delta) = crossEntropy(x[range].map(Double.init), target)
            losses.append(loss)
            deltas += delta
          }
          var loss = [Scalar](repeating: .nan, count: rows)
          var delta = x
          t.withUnsafeBufferPointer { t in
            classes.withUnsafeBufferPointer { classes in
              delta.withUnsafeMutableBufferPointer { delta in
                guard let place = delta.baseAddress else { return }
                Kernel.softmaxCrossEntropy(
                  logits: place, classes: byClass ? classes.baseAddress : nil,
                  distribution: byClass ? nil : t.baseAddress, smoothing: smoothing, loss: &loss,
                  delta: place, rows: rows, columns: columns, ignore: byClass ? ignored : nil)
              }
            }
          }
          let size = byClass ? 10 : Double(columns) * 10
          #expect(firstFar(loss, losses, size: size) == nil, "\(rows) \(columns)")
          #expect(firstFar(delta, deltas, size: byClass ? 1 : size, units: 16) == nil, "\(rows) \(columns)")
          var alone = loss
          t.withUnsafeBufferPointer { t in
            classes.withUnsafeBufferPointer { classes in
              Kernel.softmaxCrossEntropy(
                logits: x, classes: byClass ? classes.baseAddress : nil,
                distribution: byClass ? nil : t.baseAddress, smoothing: smoothing, loss: &alone, delta: nil,
                rows: rows, columns: columns, ignore: byClass ? ignored : nil)
            }
          }
          #expect(alone == loss)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func binaryCrossEntropyOfLogits() {
    for count in sizes {
      let x = numbers(count, scale: 50, of: Float.self)
      let t = numbers(count, salt: 1, of: Float.self).map { $0 > 0 ? Float(1) : 0.25 }
      var loss = [Float](repeating: .nan, count: count)
      var delta = loss
      Kernel.sigmoidCrossEntropy(logits: x, target: t, loss: &loss, delta: &delta, count: count)
      let losses = (0..<count).map { plain(.softplus, Double(x[$0]), 0, 0) - Double(x[$0]) * Double(t[$0]) }
      #expect(firstFar(loss, losses, size: 50) == nil)
      let deltas = (0..<count).map { plain(.sigmoid, Double(x[$0]), 0, 0) - Double(t[$0]) }
      #expect(firstFar(delta, deltas, size: 1) == nil)
      var alone = x
      Kernel.sigmoidCrossEntropy(logits: x, target: t, loss: nil, delta: &alone, count: count)
      #expect(alone == delta)
    }
  }
}
