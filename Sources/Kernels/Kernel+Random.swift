import CKernels

extension Kernel {
  /// Draws uniform numbers in `[low, high)`; element `i` depends on `key` and `start + i` alone.
  public static func randomUniform<Scalar: FloatScalar>(
    key: UInt64, start: UInt64, y: UnsafeMutablePointer<Scalar>, count: Int, low: Double = 0, high: Double = 1
  ) {
    kernel_random_uniform(Scalar.kernelType, key, start, y, count, low, high)
  }

  /// Draws normal numbers; element `i` depends on `key` and `start + i` alone.
  public static func randomNormal<Scalar: FloatScalar>(
    key: UInt64, start: UInt64, y: UnsafeMutablePointer<Scalar>, count: Int, mean: Double = 0,
    deviation: Double = 1
  ) {
    kernel_random_normal(Scalar.kernelType, key, start, y, count, mean, deviation)
  }
}

/// The keys of random streams, one for each purpose, place and step.
public enum RandomKey {
  /// A well-mixed key of what is drawn: the same for the same words, today and in every later version.
  public static func make(
    seed: UInt64, purpose: String, name: String = "", parameter: String = "", step: UInt64 = 0
  ) -> UInt64 {
    // FNV-1a; 0xFF, which UTF-8 never contains, ends each word, so that "a", "bc" is not "ab", "c".
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    func take(_ number: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { take(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    take(seed)
    for word in [purpose, name, parameter] {
      for byte in word.utf8 { take(byte) }
      take(UInt8(0xFF))
    }
    take(step)
    hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
    return hash ^ (hash >> 31)
  }
}
