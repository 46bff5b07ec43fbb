import Glibc

/// Random numbers for checks: the same seed gives the same ones, on every machine.
public struct SeededNumbers: Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// The next 64 bits of SplitMix64.
  public mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number of the range, drawn evenly.
  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * (Double(bits() >> 11) * 0x1p-53)
  }

  /// A number of the standard normal distribution, by the method of Box and Muller.
  public mutating func normal() -> Double {
    let radius = (-2 * log(uniform(0x1p-53...1))).squareRoot()
    return radius * cos(uniform(0...(2 * Double.pi)))
  }

  /// An integer from 0 up to, not including, `bound`, which is positive.
  public mutating func integer(below bound: Int) -> Int {
    Int(bits() % UInt64(max(1, bound)))
  }
}
