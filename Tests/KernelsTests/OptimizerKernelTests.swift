import Kernels
import Testing

/// The optimizers' updates give the bits of the plain loops: no operation is fused, and no order changed.
@Suite struct OptimizerKernelTests {
  /// Parameters, gradients and what is kept, as a test hands them to a kernel and to the plain loop.
  private struct State<Scalar: FloatScalar>: Equatable {
    var w: [Scalar]
    var g: [Scalar]
    var first: [Scalar]
    var second: [Scalar]

    init(_ count: Int) {
      w = numbers(count, salt: 1, of: Scalar.self)
      g = numbers(count, salt: 2, of: Scalar.self)
      first = numbers(count, salt: 3, of: Scalar.self)
      second = numbers(count, salt: 4, of: Scalar.self).map(\.magnitude)
    }
  }

  /// What differs in bits between a kernel and a plain loop over single elements, at several sizes.
  private func difference<Scalar: FloatScalar>(
    _ type: Scalar.Type,
    kernel: (inout State<Scalar>, Int) -> Void,
    plain: (inout Scalar, Scalar, inout Scalar, inout Scalar) -> Void
  ) -> String? {
    for count in sizes {
      var (found, expected) = (State<Scalar>(count), State<Scalar>(count))
      kernel(&found, count)
      for i in 0..<count { plain(&expected.w[i], expected.g[i], &expected.first[i], &expected.second[i]) }
      if found != expected { return "\(Scalar.self), \(count) elements" }
    }
    return nil
  }

  @Test func descentAndMomentum() {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      let (rate, strength) = (Scalar(0.013), Scalar(0.9))
      let descent = difference(type) {
        Kernel.descend(&$0.w, gradients: $0.g, count: $1, rate: Double(rate))
      } plain: { w, g, _, _ in
        w -= rate * g
      }
      #expect(descent == nil)
      for ahead in [false, true] {
        let found = difference(type) {
          Kernel.momentum(
            &$0.w, gradients: $0.g, velocity: &$0.first, count: $1, rate: Double(rate), momentum: 0.9,
            ahead: ahead)
        } plain: { w, g, velocity, _ in
          velocity = strength * velocity + g
          w -= rate * (ahead ? g + strength * velocity : velocity)
        }
        #expect(found == nil, "ahead \(ahead)")
      }
      let wrong = difference(type) {
        Kernel.descend(&$0.w, gradients: $0.g, count: $1, rate: 0.014)
      } plain: { w, g, _, _ in
        w -= rate * g
      }
      #expect(wrong != nil)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func adaptiveMoments() {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      let rates = MomentRates(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
      let (rate, root, keep, epsilon) = (Scalar(0.011), Scalar(0.3), Scalar(0.99), Scalar(1e-8))
      let (taken, kept, share) = (Scalar(1 - 0.9), Scalar(0.999), Scalar(1 - 0.999))
      func means(_ g: Scalar, _ mean: inout Scalar, _ square: inout Scalar) {
        mean = mean + taken * (g - mean)
        square = kept * square + share * (g * g)
      }
      let adam = difference(type) {
        Kernel.adam(
          &$0.w, gradients: $0.g, means: &$0.first, squares: &$0.second, count: $1, moments: rates,
          keep: 0.99,
          rate: 0.011, root: 0.3)
      } plain: { w, g, mean, square in
        means(g, &mean, &square)
        w = keep * w - rate * (mean / (square.squareRoot() / root + epsilon))
      }
      #expect(adam == nil)
      let nadam = difference(type) {
        Kernel.nadam(
          &$0.w, gradients: $0.g, means: &$0.first, squares: &$0.second, count: $1, moments: rates,
          gradientRate: 0.011, meanRate: 0.99, correction: 0.3)
      } plain: { w, g, mean, square in
        means(g, &mean, &square)
        let divisor = (square / root).squareRoot() + epsilon
        w = w - rate * (g / divisor) - keep * (mean / divisor)
      }
      #expect(nadam == nil)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func runningSquares() {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      let (rate, kept, taken, epsilon) = (Scalar(0.011), Scalar(0.9), Scalar(1 - 0.9), Scalar(1e-6))
      let mean = difference(type) {
        Kernel.rootMeanSquare(
          &$0.w, gradients: $0.g, squares: &$0.second, count: $1, rate: 0.011, kept: 0.9, taken: 1 - 0.9,
          epsilon: 1e-6)
      } plain: { w, g, _, square in
        square = kept * square + taken * (g * g)
        w -= rate * (g / (square.squareRoot() + epsilon))
      }
      #expect(mean == nil)
      let sum = difference(type) {
        Kernel.rootMeanSquare(
          &$0.w, gradients: $0.g, squares: &$0.second, count: $1, rate: 0.011, kept: 1, taken: 1,
          epsilon: 1e-6)
      } plain: { w, g, _, square in
        square += g * g
        w -= rate * (g / (square.squareRoot() + epsilon))
      }
      #expect(sum == nil)
      let steps = difference(type) { state, count in
        state.first = state.first.map(\.magnitude)
        Kernel.adadelta(
          &state.w, gradients: state.g, squares: &state.second, steps: &state.first, count: count,
          rate: 0.011, decay: 0.9, epsilon: 1e-6)
      } plain: { w, g, steps, square in
        steps = steps.magnitude
        square = kept * square + taken * (g * g)
        let step = (steps + epsilon).squareRoot() / (square + epsilon).squareRoot() * g
        steps = kept * steps + taken * (step * step)
        w -= rate * step
      }
      #expect(steps == nil)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func signOfTheMean() {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      let (rate, decay) = (Scalar(0.011), Scalar(0.1))
      let (kept1, taken1, kept2, taken2) = (Scalar(0.9), Scalar(1 - 0.9), Scalar(0.99), Scalar(1 - 0.99))
      let lion = difference(type) {
        Kernel.lion(
          &$0.w, gradients: $0.g, means: &$0.first, count: $1, rate: 0.011, decay: 0.1, beta1: 0.9,
          beta2: 0.99)
      } plain: { w, g, mean, _ in
        let direction = kept1 * mean + taken1 * g
        let sign: Scalar = direction > 0 ? 1 : direction < 0 ? -1 : 0
        w -= rate * (sign + decay * w)
        mean = kept2 * mean + taken2 * g
      }
      #expect(lion == nil)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func scalesRows() {
    func check<Scalar: FloatScalar>(_ type: Scalar.Type) {
      for (rows, columns) in RowTests.shapes + [(7, 2), (5, 3), (5, 5), (4, 8), (3, 31)] {
        let x = numbers(rows * columns, of: type)
        let coefficients = numbers(rows, salt: 3, of: type)
        let expected = x.indices.map { x[$0] * (coefficients[$0 / columns] * 0.3) }
        var y = x
        Kernel.scaleRows(x: x, coefficients: coefficients, factor: 0.3, y: &y, rows: rows, columns: columns)
        #expect(y == expected, "\(rows) x \(columns)")
        y = x
        y.withUnsafeMutableBufferPointer { y in
          guard let p = y.baseAddress else { return }
          Kernel.scaleRows(x: p, coefficients: coefficients, factor: 0.3, y: p, rows: rows, columns: columns)
        }
        #expect(y == expected, "\(rows) x \(columns) in place")
      }
    }
    check(Float.self)
    check(Double.self)
  }
}
