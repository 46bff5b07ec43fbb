import LayerKit

/// The mean size of the differences over all numbers.
struct MeanAbsoluteErrorMetric: ElementwiseMetric {
  static let schema = Schema(
    "mean_absolute_error", "The mean size of the differences over all numbers.",
    formula: "mean(abs(prediction - target))", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  var isLargerBetter: Bool { false }
  var sumCount: Int { 2 }

  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let count = count(prediction, rows: rows)
    for i in 0..<count { sums[0] += abs(prediction[i] - target[i]) }
    sums[1] += Double(count)
  }

  func value(_ sums: UnsafeBufferPointer<Double>) -> Double { sums[1] > 0 ? sums[0] / sums[1] : 0 }
}
