import Kernels
import LayerKit

extension LossRows {
  /// Sums up the terms of each row: `terms` writes those of `count` elements from `place` on to a buffer.
  ///
  /// The buffer is small and on the stack; pieces are whole rows, or parts of one row in their order.
  func sumTerms(
    into errors: UnsafeMutablePointer<Scalar>,
    _ terms: (_ place: Int, _ count: Int, _ buffer: UnsafeMutablePointer<Scalar>) -> Void
  ) {
    withLossBuffer(of: Scalar.self) { buffer, capacity in
      guard features > capacity else {
        let step = capacity / features
        for row in stride(from: 0, to: rows, by: step) {
          let count = min(step, rows - row)
          terms(row * features, count * features, buffer)
          Kernel.reduce(
            .sum, x: buffer, outer: count, count: features, inner: 1, y: errors + row, accumulate: false)
        }
        return
      }
      for row in 0..<rows {
        for start in stride(from: 0, to: features, by: capacity) {
          let count = min(capacity, features - start)
          terms(row * features + start, count, buffer)
          Kernel.reduce(
            .sum, x: buffer, outer: 1, count: count, inner: 1, y: errors + row, accumulate: start > 0)
        }
      }
    }
  }
}

/// Calls `body` with a buffer on the stack and the number of its elements.
func withLossBuffer<Scalar: FloatScalar>(
  of: Scalar.Type, _ body: (_ buffer: UnsafeMutablePointer<Scalar>, _ capacity: Int) -> Void
) {
  // Up to 1024 bytes never leave the stack.
  withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 64) { bytes in
    guard let base = bytes.baseAddress else { return }
    body(base.assumingMemoryBound(to: Scalar.self), 1024 / MemoryLayout<Scalar>.stride)
  }
}

/// Multiplies each row of `values` by its coefficient and by `factor`.
func scaleRows<Scalar: FloatScalar>(
  _ values: UnsafePointer<Scalar>, _ coefficients: UnsafePointer<Scalar>, factor: Double, rows: Int,
  features: Int, into result: UnsafeMutablePointer<Scalar>
) {
  Kernel.scaleRows(
    x: values, coefficients: coefficients, factor: factor, y: result, rows: rows, columns: features)
}

/// The sum over samples of `weights[sample]` times the errors of the sample, in 64 bits.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func weightedSum<Scalar: FloatScalar>(
  _ errors: UnsafePointer<Scalar>, weights: UnsafePointer<Scalar>?, samples: Int, rowsPerSample: Int
) -> Double {
  var total = 0.0
  guard let weights else {
    for row in 0..<samples &* rowsPerSample { total += Double(errors[row]) }
    return total
  }
  for sample in 0..<samples {
    var sum = 0.0
    for row in sample &* rowsPerSample..<(sample &+ 1) &* rowsPerSample { sum += Double(errors[row]) }
    total += Double(weights[sample]) * sum
  }
  return total
}

/// Writes the coefficient of each row: `factor`, times the weight of the row's sample.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func rowCoefficients<Scalar: FloatScalar>(
  _ coefficients: UnsafeMutablePointer<Scalar>, weights: UnsafePointer<Scalar>?, factor: Scalar, samples: Int,
  rowsPerSample: Int
) {
  guard let weights else {
    Kernel.fill(value: Double(factor), y: coefficients, count: samples &* rowsPerSample)
    return
  }
  for sample in 0..<samples {
    let coefficient = factor * weights[sample]
    for row in sample &* rowsPerSample..<(sample &+ 1) &* rowsPerSample { coefficients[row] = coefficient }
  }
}

/// Writes the gradient of each sample's weight: `factor` times the sum of the sample's errors.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func weightGradients<Scalar: FloatScalar>(
  _ errors: UnsafePointer<Scalar>, factor: Scalar, samples: Int, rowsPerSample: Int,
  _ gradient: UnsafeMutablePointer<Scalar>
) {
  for sample in 0..<samples {
    var sum: Scalar = 0
    for row in sample &* rowsPerSample..<(sample &+ 1) &* rowsPerSample { sum += errors[row] }
    gradient[sample] = factor * sum
  }
}
