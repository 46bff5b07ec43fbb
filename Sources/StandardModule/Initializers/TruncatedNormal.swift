import Kernels
import LayerKit

/// Numbers drawn from a normal distribution without its tails.
struct TruncatedNormal: Initializer {
  static let schema = Schema(
    "truncated_normal", "Drawn from a normal distribution, and again where beyond two deviations.",
    formula: "w ~ N(mean, deviation^2), abs(w - mean) <= 2 deviation",
    attributes: [
      .number("mean", default: 0, "The mean."),
      .number("deviation", .notNegative, default: 0.05, "The standard deviation before the cut."),
    ], inputs: [], outputs: [])

  private let mean: Double
  private let deviation: Double

  init(_ attributes: Attributes) {
    mean = attributes.number("mean")
    deviation = attributes.number("deviation")
  }

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.fillNormal(deviation: 1, key: key)
    for i in values.indices {
      values[i] = mean + deviation * (abs(values[i]) <= 2 ? values[i] : redraw(i, values.count, key))
    }
  }

  /// The first number inside the cut of those that belong to element `index`, one in each further round.
  private func redraw(_ index: Int, _ count: Int, _ key: UInt64) -> Double {
    var value = 0.0
    for round in 1...64 {
      let start = UInt64(index) &+ UInt64(count) &* UInt64(round)
      Kernel.randomNormal(key: key, start: start, y: &value, count: 1)
      if abs(value) <= 2 { return value }
    }
    // One draw in 22 is outside: 64 in a row never happen, and 0 is inside in any case.
    return 0
  }
}
