import CKernels

extension Kernel {
  /// Computes `y = f(x)`; `y` may be `x`.
  public static func map<Scalar: FloatScalar>(
    _ f: MapFunction, x: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>, count: Int, a: Double = 0,
    b: Double = 0
  ) {
    kernel_map(Scalar.kernelType, f.rawValue, x, y, count, a, b)
  }

  /// Computes `gx = gy f'(x)` from what `f.gradientReads` names; `gx` may be `gy`, `x` or `y`.
  public static func mapGradient<Scalar: FloatScalar>(
    _ f: MapFunction, x: UnsafePointer<Scalar>?, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gx: UnsafeMutablePointer<Scalar>, count: Int, a: Double = 0, b: Double = 0
  ) {
    let reads = f.gradientReads
    precondition(!reads.input || x != nil || count == 0, "mapGradient of \(f) reads its input")
    precondition(!reads.output || y != nil || count == 0, "mapGradient of \(f) reads its output")
    kernel_map_gradient(Scalar.kernelType, f.rawValue, x, y, gy, gx, count, a, b)
  }

  /// Computes `y = f(a, b)`; a stride is 1, or 0 for one number against all; `y` may be `a` or `b`.
  public static func binary<Scalar: FloatScalar>(
    _ f: BinaryFunction, a: UnsafePointer<Scalar>, aStride: Int, b: UnsafePointer<Scalar>, bStride: Int,
    y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    kernel_binary(Scalar.kernelType, f.rawValue, a, aStride, b, bStride, y, count)
  }

  /// Computes `out = gy df/da` (side 0) or `out = gy df/db` (side 1), element by element, not reduced.
  ///
  /// Equals share the gradient of `maximum` and `minimum`. `power` at `a = 0`: 0 for `a` where `b = 0`, 0 for
  /// `b` where `b >= 0`. `out` may be `gy`, and `a`, `b` or `y` where their stride is 1.
  public static func binaryGradient<Scalar: FloatScalar>(
    _ f: BinaryFunction, side: Int, a: UnsafePointer<Scalar>, aStride: Int, b: UnsafePointer<Scalar>,
    bStride: Int, y: UnsafePointer<Scalar>, gy: UnsafePointer<Scalar>, out: UnsafeMutablePointer<Scalar>,
    count: Int
  ) {
    kernel_binary_gradient(
      Scalar.kernelType, f.rawValue, Int32(side), a, aStride, b, bStride, y, gy, out, count)
  }

  /// Computes `y += alpha x`.
  public static func addScaled<Scalar: FloatScalar>(
    alpha: Double, x: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    kernel_add_scaled(Scalar.kernelType, alpha, x, y, count)
  }

  /// Computes `y += a b`, element by element.
  public static func multiplyAdd<Scalar: FloatScalar>(
    a: UnsafePointer<Scalar>, b: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    kernel_multiply_add(Scalar.kernelType, a, b, y, count)
  }

  /// Sets every element to `value`.
  public static func fill<Scalar: FloatScalar>(
    value: Double, y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    kernel_fill(Scalar.kernelType, value, y, count)
  }

  /// Whether no element is infinite or not a number.
  public static func allFinite<Scalar: FloatScalar>(x: UnsafePointer<Scalar>, count: Int) -> Bool {
    kernel_all_finite(Scalar.kernelType, x, count)
  }
}
