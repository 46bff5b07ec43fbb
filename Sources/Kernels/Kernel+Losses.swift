import CKernels

extension Kernel {
  /// The cross-entropy of each row of logits, and its gradient by the logits, `softmax sum(t) - t`.
  ///
  /// The target `t` is a class or a distribution a row (one of the two is given); with smoothing `s` it becomes
  /// `(1 - s) t + s / columns`. Classes lie in `0 ..< columns`, or are `ignore`: loss and gradient 0.
  /// `delta` may be `logits`.
  public static func softmaxCrossEntropy<Scalar: FloatScalar>(
    logits: UnsafePointer<Scalar>, classes: UnsafePointer<Int32>?, distribution: UnsafePointer<Scalar>?,
    smoothing: Double = 0, loss: UnsafeMutablePointer<Scalar>, delta: UnsafeMutablePointer<Scalar>?,
    rows: Int, columns: Int, ignore: Int32? = nil
  ) {
    precondition(
      (classes == nil) != (distribution == nil) || rows == 0, "the target is classes or a distribution")
    kernel_softmax_cross_entropy(
      Scalar.kernelType, logits, classes, distribution, smoothing, loss, delta, rows, columns,
      ignore.map(Int64.init) ?? Int64.max)
  }

  /// The binary cross-entropy of each logit, and its gradient by the logit, `sigmoid - target`.
  ///
  /// `loss` or `delta` may be `logits` where the other is nil.
  public static func sigmoidCrossEntropy<Scalar: FloatScalar>(
    logits: UnsafePointer<Scalar>, target: UnsafePointer<Scalar>, loss: UnsafeMutablePointer<Scalar>?,
    delta: UnsafeMutablePointer<Scalar>?, count: Int
  ) {
    kernel_sigmoid_cross_entropy(Scalar.kernelType, logits, target, loss, delta, count)
  }
}
