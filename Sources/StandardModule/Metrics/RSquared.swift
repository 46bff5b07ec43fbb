import LayerKit

/// The part of the target's variance that the prediction explains, over all numbers together.
struct RSquared: ElementwiseMetric {
  static let schema = Schema(
    "r2", "The part of the target's variance that the prediction explains, over all numbers together.",
    formula: """
      1 - sum((target - prediction)^2) / sum((target - mean(target))^2)
      a target without variance: 1 where every prediction is exact, else 0
      """, inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  var isLargerBetter: Bool { true }

  /// The count, the mean of the targets, the sum of their squared distances from it, and that of the errors.
  var sumCount: Int { 4 }

  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    for i in 0..<count(prediction, rows: rows) {
      // Welford's update: a sum of squares would lose the variance of targets far from 0.
      let value = target[i]
      let distance = value - sums[1]
      sums[0] += 1
      sums[1] += distance / sums[0]
      sums[2] += distance * (value - sums[1])
      let error = value - prediction[i]
      sums[3] += error * error
    }
  }

  func value(_ sums: UnsafeBufferPointer<Double>) -> Double {
    if sums[2] > 0 { return 1 - sums[3] / sums[2] }
    return sums[0] > 0 && sums[3] == 0 ? 1 : 0
  }
}
