import Kernels
import LayerKit

/// `cross_entropy` of logits whose forward pass leaves its gradient behind.
struct SoftmaxCrossEntropy: FusedLoss {
  private let base: CrossEntropyLoss

  static var examples: [Example] { CrossEntropyLoss.examples }
  var targets: LossTargets { [.numbers, .classes] }
  static var schema: Schema { CrossEntropyLoss.schema }

  init(_ attributes: Attributes) throws { self.init(try CrossEntropyLoss(attributes)) }

  init(_ base: CrossEntropyLoss) { self.base = base }

  var ignoredClass: Int? { base.ignoredClass }
  var operationsPerFeature: Int { base.operationsPerFeature }

  func errors<Scalar: FloatScalar>(_ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>) {
    base.errors(rows, errors)
  }

  func errors<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>, delta: UnsafeMutablePointer<Scalar>?
  ) {
    base.logitErrors(rows, errors, delta: delta)
  }

  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target: UnsafeMutablePointer<Scalar>?
  ) {
    base.gradients(rows, coefficients: coefficients, prediction: prediction, target: target)
  }
}
