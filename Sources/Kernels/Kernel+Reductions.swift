import CKernels

extension Kernel {
  /// Reduces `x [outer, count, inner]` over the middle to `y [outer, inner]`, or adds to `y` what comes out.
  ///
  /// With `accumulate`, `maximum` and `minimum` take the old value of `y` as one more number. What comes of no
  /// number is 0 for the sums, and minus or plus infinity.
  public static func reduce<Scalar: FloatScalar>(
    _ f: ReduceFunction, x: UnsafePointer<Scalar>, outer: Int, count: Int, inner: Int,
    y: UnsafeMutablePointer<Scalar>, accumulate: Bool
  ) {
    kernel_reduce(Scalar.kernelType, f.rawValue, x, outer, count, inner, y, accumulate)
  }

  /// The sum of `x y`, added up in 64 bits.
  public static func dot<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>, count: Int
  ) -> Double {
    kernel_dot(Scalar.kernelType, x, y, count)
  }

  /// The place of the largest of the middle axis of `x [outer, count, inner]`; the first of equals.
  ///
  /// What is not a number counts as the largest.
  public static func argmax<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, outer: Int, count: Int, inner: Int, y: UnsafeMutablePointer<Int32>
  ) {
    kernel_argmax(Scalar.kernelType, x, outer, count, inner, y)
  }

  /// Sums up along the middle axis of `x [outer, count, inner]`, from the end with `reverse`; `y` may be `x`.
  public static func cumulativeSum<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, outer: Int, count: Int, inner: Int, y: UnsafeMutablePointer<Scalar>,
    reverse: Bool
  ) {
    kernel_cumulative_sum(Scalar.kernelType, x, outer, count, inner, y, reverse)
  }
}
