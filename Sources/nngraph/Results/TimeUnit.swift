import Inspection

/// The unit that leaves a time readable.
struct TimeUnit {
  let name: String
  private let factor: Double

  init(for seconds: Double) {
    (name, factor) = seconds < 1e-3 ? ("us", 1e6) : seconds < 1 ? ("ms", 1e3) : ("s", 1)
  }

  func text(_ seconds: Double) -> String { (seconds * factor).fixed(factor == 1 ? 3 : 2) }
}

extension Double {
  /// A time of any size with its unit: `1.50 us`, `20.3 ps`.
  var shortDuration: String {
    let units = [("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9), ("ps", 1e12)]
    let (name, factor) = units.first { magnitude * $0.1 >= 1 } ?? units[units.count - 1]
    return "\((self * factor).significant(3)) \(name)"
  }
}
