import Kernels
import LayerKit

/// A loss whose `e` is the sum or the mean of one term for each feature.
protocol ElementwiseLoss: Loss {
  /// Whether `e` is the mean of the terms, not their sum.
  var takesMean: Bool { get }

  /// Writes the term of each element; `count` is at most what `withLossBuffer` holds.
  func terms<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ terms: UnsafeMutablePointer<Scalar>, count: Int)

  /// Writes the derivative of each term by its prediction.
  func predictionSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int)

  /// Writes the derivative of each term by its target.
  func targetSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int)
}

extension ElementwiseLoss {
  var targets: LossTargets { .numbers }

  func errors<Scalar: FloatScalar>(_ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>) {
    guard let target = rows.target else { preconditionFailure("the target is numbers") }
    rows.sumTerms(into: errors) { place, count, buffer in
      terms(rows.prediction + place, target + place, buffer, count: count)
    }
    if takesMean, rows.features > 1 {
      Kernel.map(.linear, x: errors, y: errors, count: rows.rows, a: 1 / Double(rows.features))
    }
  }

  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target gradient: UnsafeMutablePointer<Scalar>?
  ) {
    guard let target = rows.target else { preconditionFailure("the target is numbers") }
    let factor = takesMean ? 1 / Double(rows.features) : 1
    let count = rows.rows * rows.features
    if let prediction {
      predictionSlopes(rows.prediction, target, prediction, count: count)
      scaleRows(
        prediction, coefficients, factor: factor, rows: rows.rows, features: rows.features, into: prediction)
    }
    if let gradient {
      targetSlopes(rows.prediction, target, gradient, count: count)
      scaleRows(
        gradient, coefficients, factor: factor, rows: rows.rows, features: rows.features, into: gradient)
    }
  }
}

/// Writes a number for each pair of numbers; inlined into loops of one type.
@inline(__always)
func forEachPair<Scalar: FloatScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ result: UnsafeMutablePointer<Scalar>, count: Int,
  _ body: (Scalar, Scalar) -> Scalar
) {
  for index in 0..<count { result[index] = body(a[index], b[index]) }
}
