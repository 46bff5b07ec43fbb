import CKernels

extension Kernel {
  /// `softmax` over the middle axis of `x [outer, count, inner]`; `y` may be `x`.
  public static func softmax<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>, outer: Int, count: Int, inner: Int
  ) {
    kernel_softmax(Scalar.kernelType, x, y, outer, count, inner)
  }

  /// The logarithm of `softmax` over the middle axis of `x [outer, count, inner]`; `y` may be `x`.
  public static func logSoftmax<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, y: UnsafeMutablePointer<Scalar>, outer: Int, count: Int, inner: Int
  ) {
    kernel_log_softmax(Scalar.kernelType, x, y, outer, count, inner)
  }

  /// Computes `gx = y (gy - sum(gy y))`; `gx` may be `gy` or `y`.
  public static func softmaxGradient<Scalar: FloatScalar>(
    y: UnsafePointer<Scalar>, gy: UnsafePointer<Scalar>, gx: UnsafeMutablePointer<Scalar>, outer: Int,
    count: Int, inner: Int
  ) {
    kernel_softmax_gradient(Scalar.kernelType, y, gy, gx, outer, count, inner)
  }

  /// Computes `gx = gy - e^y sum(gy)`; `gx` may be `gy` or `y`.
  public static func logSoftmaxGradient<Scalar: FloatScalar>(
    y: UnsafePointer<Scalar>, gy: UnsafePointer<Scalar>, gx: UnsafeMutablePointer<Scalar>, outer: Int,
    count: Int, inner: Int
  ) {
    kernel_log_softmax_gradient(Scalar.kernelType, y, gy, gx, outer, count, inner)
  }

  /// Computes `y = f(x + bias)`, one bias a column, and keeps `z = x + bias` where it is asked for.
  ///
  /// `y` or `z` may be `x`.
  public static func biasMap<Scalar: FloatScalar>(
    _ f: MapFunction, x: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?,
    z: UnsafeMutablePointer<Scalar>?, y: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, a: Double = 0,
    b: Double = 0
  ) {
    kernel_bias_map(Scalar.kernelType, f.rawValue, x, bias, z, y, rows, columns, a, b)
  }

  /// Computes `gz = gy f'(z)` and its sums over the rows; `gz` may be `gy`, `z` or `y`.
  ///
  /// `z` and `y` are needed as `f.gradientReads` says. `gbias` is written, not added to.
  public static func biasMapGradient<Scalar: FloatScalar>(
    _ f: MapFunction, z: UnsafePointer<Scalar>?, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gz: UnsafeMutablePointer<Scalar>, gbias: UnsafeMutablePointer<Scalar>?, rows: Int, columns: Int,
    a: Double = 0, b: Double = 0
  ) {
    let reads = f.gradientReads
    precondition(!reads.input || z != nil || rows == 0, "biasMapGradient of \(f) reads its input")
    precondition(!reads.output || y != nil || rows == 0, "biasMapGradient of \(f) reads its output")
    kernel_bias_map_gradient(Scalar.kernelType, f.rawValue, z, y, gy, gz, gbias, rows, columns, a, b)
  }

  /// Computes `y = (x - mean) reciprocalDeviation scale + shift` row by row, with the biased variance.
  ///
  /// Without `centred` it is the root-mean-square norm: no mean is taken off, and `mean` is neither read nor
  /// written. `mean` and `reciprocalDeviation` hold one number a row. `y` may be `x`.
  public static func layerNorm<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, scale: UnsafePointer<Scalar>, shift: UnsafePointer<Scalar>?,
    y: UnsafeMutablePointer<Scalar>, mean: UnsafeMutablePointer<Scalar>?,
    reciprocalDeviation: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, epsilon: Double, centred: Bool
  ) {
    precondition(!centred || mean != nil || rows == 0, "layerNorm writes the mean")
    kernel_layer_norm(
      Scalar.kernelType, x, scale, shift, y, mean, reciprocalDeviation, rows, columns, epsilon, centred)
  }

  /// The gradients of `layerNorm`, written, each where it is asked for; `gx` may be `gy`.
  public static func layerNormGradient<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, scale: UnsafePointer<Scalar>, mean: UnsafePointer<Scalar>?,
    reciprocalDeviation: UnsafePointer<Scalar>, gy: UnsafePointer<Scalar>, gx: UnsafeMutablePointer<Scalar>?,
    gscale: UnsafeMutablePointer<Scalar>?, gshift: UnsafeMutablePointer<Scalar>?, rows: Int, columns: Int,
    centred: Bool
  ) {
    precondition(!centred || mean != nil || rows == 0, "layerNormGradient reads the mean")
    kernel_layer_norm_gradient(
      Scalar.kernelType, x, scale, mean, reciprocalDeviation, gy, gx, gscale, gshift, rows, columns, centred)
  }

  /// Multiplies each row of `x` by its coefficient times `factor`; `y` may be `x`.
  public static func scaleRows<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>, coefficients: UnsafePointer<Scalar>, factor: Double = 1,
    y: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int
  ) {
    kernel_scale_rows(Scalar.kernelType, x, coefficients, factor, y, rows, columns)
  }
}
