import Foundation
import Kernels
import Testing

@Suite struct RowTests {
  static let shapes = [(1, 1), (3, 2), (5, 10), (4, 16), (2, 17), (70, 33), (3, 1000), (2, 5000), (300, 20)]

  @Test(arguments: [MapFunction.copy, .relu, .tanh, .gelu, .leakyRelu])
  func biasAndFunction(_ f: MapFunction) {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for (rows, columns) in Self.shapes {
        let x = numbers(rows * columns, of: type)
        let bias = numbers(columns, salt: 2, of: type)
        let sums = (0..<x.count).map { Double(x[$0] + bias[$0 % columns]) }
        let expected = sums.map { plain(f, $0, 0.3, 0) }
        var y = [Scalar](repeating: .nan, count: x.count)
        Kernel.biasMap(f, x: x, bias: bias, z: nil, y: &y, rows: rows, columns: columns, a: 0.3)
        #expect(firstFar(y, expected, size: 1) == nil, "\(f) \(rows) \(columns)")
        var z = y
        var kept = y
        Kernel.biasMap(f, x: x, bias: bias, z: &z, y: &kept, rows: rows, columns: columns, a: 0.3)
        #expect(kept == y)
        #expect(firstFar(z, sums) == nil)
        var inPlace = x
        inPlace.withUnsafeMutableBufferPointer { p in
          guard let p = p.baseAddress else { return }
          Kernel.biasMap(f, x: p, bias: bias, z: nil, y: p, rows: rows, columns: columns, a: 0.3)
        }
        #expect(inPlace == y)
        Kernel.biasMap(f, x: x, bias: nil, z: &z, y: &y, rows: rows, columns: columns, a: 0.3)
        #expect(z == x)
        #expect(y == mapped(f, x, a: 0.3, b: 0))

        let gy = numbers(x.count, salt: 8, of: type)
        let slopes = gradient(f, z, gy: gy, a: 0.3, b: 0)
        var gz = gy
        var gbias = [Scalar](repeating: .nan, count: columns)
        gz.withUnsafeMutableBufferPointer { gz in
          guard let p = gz.baseAddress else { return }
          Kernel.biasMapGradient(
            f, z: z, y: y, gy: p, gz: p, gbias: &gbias, rows: rows, columns: columns, a: 0.3)
        }
        #expect(gz == slopes)
        let columnSums = (0..<columns).map { c in
          (0..<rows).reduce(0.0) { $0 + Double(slopes[$1 * columns + c]) }
        }
        #expect(firstFar(gbias, columnSums, size: 3 * Double(rows)) == nil)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// The plain norm of one row.
  private func norm(_ x: [Double], _ scale: [Double], _ shift: [Double], _ centred: Bool) -> [Double] {
    let n = Double(x.count)
    let mean = centred ? x.reduce(0, +) / n : 0
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    return x.indices.map { (x[$0] - mean) / (variance + 1e-3).squareRoot() * scale[$0] + shift[$0] }
  }

  @Test(arguments: [true, false])
  func layerNorm(centred: Bool) {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for (rows, columns) in Self.shapes {
        let x = numbers(rows * columns, of: type)
        let scale = numbers(columns, salt: 1, of: type)
        let shift = numbers(columns, salt: 2, of: type)
        var y = [Scalar](repeating: .nan, count: x.count)
        var mean = [Scalar](repeating: .nan, count: rows)
        var reciprocal = mean
        Kernel.layerNorm(
          x: x, scale: scale, shift: centred ? shift : nil, y: &y, mean: &mean,
          reciprocalDeviation: &reciprocal, rows: rows, columns: columns, epsilon: 1e-3, centred: centred)
        let zeros = [Double](repeating: 0, count: columns)
        let expected = (0..<rows).flatMap { r in
          norm(
            x[(r * columns)..<((r + 1) * columns)].map(Double.init), scale.map(Double.init),
            centred ? shift.map(Double.init) : zeros, centred)
        }
        #expect(firstFar(y, expected, size: 20, units: 32) == nil, "\(rows) \(columns)")
        if !centred { #expect(mean.allSatisfy { $0.isNaN }) }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: [true, false])
  func layerNormGradient(centred: Bool) {
    for (rows, columns) in [(1, 2), (3, 5), (80, 17), (2, 40)] {
      let x = numbers(rows * columns, of: Double.self)
      let scale = numbers(columns, salt: 1, of: Double.self)
      let shift = numbers(columns, salt: 2, of: Double.self)
      let gy = numbers(x.count, salt: 3, of: Double.self)
      func loss(_ x: [Double], _ scale: [Double], _ shift: [Double]) -> Double {
        (0..<rows).reduce(0) { sum, r in
          let range = (r * columns)..<((r + 1) * columns)
          return sum
            + zip(norm(Array(x[range]), scale, shift, centred), gy[range]).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
      func gradients<Scalar: FloatScalar>(_ type: Scalar.Type) -> ([Scalar], [Scalar], [Scalar]) {
        let x = x.map { Scalar($0) }
        let scale = scale.map { Scalar($0) }
        var y = x
        var mean = [Scalar](repeating: 0, count: rows)
        var reciprocal = mean
        Kernel.layerNorm(
          x: x, scale: scale, shift: nil, y: &y, mean: &mean, reciprocalDeviation: &reciprocal, rows: rows,
          columns: columns, epsilon: 1e-3, centred: centred)
        var gx = gy.map { Scalar($0) }
        var gscale = [Scalar](repeating: .nan, count: columns)
        var gshift = gscale
        gx.withUnsafeMutableBufferPointer { gx in
          guard let p = gx.baseAddress else { return }
          Kernel.layerNormGradient(
            x: x, scale: scale, mean: mean, reciprocalDeviation: reciprocal, gy: p, gx: p, gscale: &gscale,
            gshift: &gshift, rows: rows, columns: columns, centred: centred)
        }
        return (gx, gscale, gshift)
      }
      let (gx, gscale, gshift) = gradients(Double.self)
      let h = 1e-5
      func difference(_ change: (Double) -> Double) -> Double { (change(h) - change(-h)) / (2 * h) }
      for i in stride(from: 0, to: x.count, by: 7) {
        let slope = difference {
          var moved = x
          moved[i] += $0
          return loss(moved, scale, shift)
        }
        #expect(Swift.abs(gx[i] - slope) < 1e-5 * max(1, Swift.abs(slope)))
      }
      for i in 0..<columns {
        let slope = difference {
          var moved = scale
          moved[i] += $0
          return loss(x, moved, shift)
        }
        #expect(Swift.abs(gscale[i] - slope) < 1e-5 * max(1, Swift.abs(slope)))
        let sum = (0..<rows).reduce(0) { $0 + gy[$1 * columns + i] }
        #expect(Swift.abs(gshift[i] - sum) < 1e-12 * Double(rows) * 3)
      }
      let single = gradients(Float.self)
      #expect(firstFar(single.0, gx, size: 30, units: 100) == nil)
      #expect(firstFar(single.1, gscale, size: 3 * Double(rows), units: 30) == nil)
      #expect(firstFar(single.2, gshift, size: 3 * Double(rows), units: 30) == nil)
    }
  }
}
