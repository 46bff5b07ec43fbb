import LayerKit

/// The mean of the squared differences over all numbers.
struct MeanSquaredErrorMetric: ElementwiseMetric {
  static let schema = Schema(
    "mean_squared_error", "The mean of the squared differences over all numbers.",
    formula: "mean((prediction - target)^2)", inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  var isLargerBetter: Bool { false }
  var sumCount: Int { 2 }

  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let count = count(prediction, rows: rows)
    for i in 0..<count {
      let difference = prediction[i] - target[i]
      sums[0] += difference * difference
    }
    sums[1] += Double(count)
  }

  func value(_ sums: UnsafeBufferPointer<Double>) -> Double { sums[1] > 0 ? sums[0] / sums[1] : 0 }
}
