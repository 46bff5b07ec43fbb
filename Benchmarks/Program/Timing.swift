import Training

/// The seconds of one step, over the repetitions of one measurement.
struct Timing {
  var median: Double
  var minimum: Double
  var repetitions: Int

  /// Repeats the body for about `seconds`, at least 10 times; three times before are not counted.
  static func measure(seconds: Double, _ body: () throws -> Void) rethrows -> Timing {
    let times = try Benchmark.sample(seconds: seconds, uncounted: 3, most: 5_000_000, body)
    return Timing(median: times.median, minimum: times.min() ?? 0, repetitions: times.count)
  }
}

extension [Double] {
  /// The middle value, or the mean of the two in the middle; 0 of nothing.
  var median: Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
