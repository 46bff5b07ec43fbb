import CKernels

/// What `Kernel.adam` and `Kernel.nadam` share: how much of the two running means a step takes.
public struct MomentRates: Sendable {
  fileprivate let numbers: kernel_moments

  public init(beta1: Double, beta2: Double, epsilon: Double) {
    numbers = kernel_moments(
      epsilon: epsilon, taken_mean: 1 - beta1, kept_square: beta2, taken_square: 1 - beta2)
  }
}

// The steps of optimizers, each element by itself. Constants are rounded to the scalar first and no operation is
// fused, so every machine computes the same bits.
extension Kernel {
  /// Computes `w = w - rate g`.
  public static func descend<Scalar: FloatScalar>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafePointer<Scalar>, count: Int, rate: Double
  ) {
    kernel_descend(Scalar.kernelType, w, g, count, rate)
  }

  /// Computes `v = momentum v + g` and `w = w - rate v`, or `w = w - rate (g + momentum v)` with `ahead`.
  public static func momentum<Scalar: FloatScalar>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafePointer<Scalar>,
    velocity: UnsafeMutablePointer<Scalar>, count: Int, rate: Double, momentum: Double, ahead: Bool
  ) {
    kernel_momentum(Scalar.kernelType, w, g, velocity, count, rate, momentum, ahead)
  }

  /// Updates both running means, `m` and `v`, and computes `w = keep w - rate m / (sqrt(v) / root + epsilon)`.
  public static func adam<Scalar: FloatScalar>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafePointer<Scalar>,
    means: UnsafeMutablePointer<Scalar>, squares: UnsafeMutablePointer<Scalar>, count: Int,
    moments: MomentRates, keep: Double, rate: Double, root: Double
  ) {
    kernel_adam(Scalar.kernelType, w, g, means, squares, count, moments.numbers, keep, rate, root)
  }

  /// Updates both running means, `m` and `v`, and steps along `g` and `m`, each with its rate, over `d`.
  ///
  /// `w = w - gradientRate g / d - meanRate m / d` with `d = sqrt(v / correction) + epsilon`
  public static func nadam<Scalar: FloatScalar>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafePointer<Scalar>,
    means: UnsafeMutablePointer<Scalar>, squares: UnsafeMutablePointer<Scalar>, count: Int,
    moments: MomentRates, gradientRate: Double, meanRate: Double, correction: Double
  ) {
    kernel_nadam(
      Scalar.kernelType, w, g, means, squares, count, moments.numbers, gradientRate, meanRate, correction)
  }

  /// Computes `s = kept s + taken g^2` and `w = w - rate g / (sqrt(s) + epsilon)`.
  public static func rootMeanSquare<Scalar: FloatScalar>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafePointer<Scalar>,
    squares: UnsafeMutablePointer<Scalar>, count: Int, rate: Double, kept: Double, taken: Double,
    epsilon: Double
  ) {
    kernel_root_mean_square(Scalar.kernelType, w, g, squares, count, rate, kept, taken, epsilon)
  }

  /// Computes `s = decay s + (1 - decay) g^2`, the step `d = g sqrt(u + epsilon) / sqrt(s + epsilon)`,
  /// `u = decay u + (1 - decay) d^2` and `w = w - rate d`.
  public static func adadelta<Scalar: FloatScalar>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafePointer<Scalar>,
    squares: UnsafeMutablePointer<Scalar>, steps: UnsafeMutablePointer<Scalar>, count: Int, rate: Double,
    decay: Double, epsilon: Double
  ) {
    kernel_adadelta(Scalar.kernelType, w, g, squares, steps, count, rate, decay, 1 - decay, epsilon)
  }

  /// Computes `w = w - rate (sign(beta1 m + (1 - beta1) g) + decay w)` and `m = beta2 m + (1 - beta2) g`.
  public static func lion<Scalar: FloatScalar>(
    _ w: UnsafeMutablePointer<Scalar>, gradients g: UnsafePointer<Scalar>,
    means: UnsafeMutablePointer<Scalar>, count: Int, rate: Double, decay: Double, beta1: Double, beta2: Double
  ) {
    kernel_lion(Scalar.kernelType, w, g, means, count, rate, decay, beta1, 1 - beta1, beta2, 1 - beta2)
  }
}
