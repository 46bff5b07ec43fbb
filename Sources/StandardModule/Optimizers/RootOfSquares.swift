import Kernels

extension FloatScalar {
  /// The square root of a sum of squares.
  ///
  /// The magnitude changes no such sum, but shows the compiler that none is negative. Else every root gets a
  /// branch to the C library, which keeps the loop around it from being vectorised.
  @inline(__always)
  var rootOfSquares: Self { magnitude.squareRoot() }
}
