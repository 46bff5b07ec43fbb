import CKernels

extension Kernel {
  /// Computes `C [m, n] = alpha op(A) op(B) + beta C + bias`, row-major, on the calling thread alone.
  ///
  /// `op(A)` is `[m, k]` and `op(B)` is `[k, n]`; a leading size is the distance of two rows as stored. With
  /// `beta` 0, `C` is not read. `bias` holds a number a column. With `clamped`, what is below 0 becomes 0.
  public static func product<Scalar: FloatScalar>(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Double = 1,
    a: UnsafePointer<Scalar>, leadingA: Int, b: UnsafePointer<Scalar>, leadingB: Int, beta: Double = 0,
    bias: UnsafePointer<Scalar>? = nil, clamped: Bool = false, c: UnsafeMutablePointer<Scalar>, leadingC: Int
  ) {
    precondition(
      leadingA >= (transposeA ? m : k) && leadingB >= (transposeB ? k : n) && leadingC >= n,
      "leading sizes \(leadingA), \(leadingB), \(leadingC) of a product \(m) x \(n) x \(k)")
    kernel_product(
      Scalar.kernelType, transposeA, transposeB, m, n, k, alpha, a, leadingA, b, leadingB, beta, bias,
      clamped, c, leadingC)
  }
}
