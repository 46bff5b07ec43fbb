import Kernels

extension UnsafeMutableBufferPointer<Double> {
  /// Draws uniform numbers in [low, high).
  func fillUniform(low: Double, high: Double, key: UInt64) {
    guard let baseAddress else { return }
    Kernel.randomUniform(key: key, start: 0, y: baseAddress, count: count, low: low, high: high)
  }

  /// Draws normal numbers.
  func fillNormal(mean: Double = 0, deviation: Double, key: UInt64) {
    guard let baseAddress else { return }
    Kernel.randomNormal(key: key, start: 0, y: baseAddress, count: count, mean: mean, deviation: deviation)
  }
}
