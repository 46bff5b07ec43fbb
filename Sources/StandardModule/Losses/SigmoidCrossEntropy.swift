import Kernels
import LayerKit

/// `binary_cross_entropy` of logits whose forward pass leaves its gradient behind.
struct SigmoidCrossEntropy: FusedLoss {
  private let base: BinaryCrossEntropyLoss

  static var examples: [Example] { BinaryCrossEntropyLoss.examples }
  var targets: LossTargets { .numbers }
  static var schema: Schema { BinaryCrossEntropyLoss.schema }

  init(_ attributes: Attributes) throws { self.init(try BinaryCrossEntropyLoss(attributes)) }

  init(_ base: BinaryCrossEntropyLoss) { self.base = base }

  var operationsPerFeature: Int { base.operationsPerFeature }

  func errors<Scalar: FloatScalar>(_ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>) {
    base.errors(rows, errors)
  }

  func errors<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>, delta: UnsafeMutablePointer<Scalar>?
  ) {
    guard let delta, let target = rows.target else { return base.errors(rows, errors) }
    rows.sumTerms(into: errors) { place, count, buffer in
      Kernel.sigmoidCrossEntropy(
        logits: rows.prediction + place, target: target + place, loss: buffer, delta: delta + place,
        count: count)
    }
    guard rows.features > 1 else { return }
    let share = 1 / Double(rows.features)
    Kernel.map(.linear, x: errors, y: errors, count: rows.rows, a: share)
    Kernel.map(.linear, x: delta, y: delta, count: rows.rows * rows.features, a: share)
  }

  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target: UnsafeMutablePointer<Scalar>?
  ) {
    base.gradients(rows, coefficients: coefficients, prediction: prediction, target: target)
  }
}
