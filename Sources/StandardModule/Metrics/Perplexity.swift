import Glibc
import LayerKit

/// How many classes the prediction hesitates between, in the geometric mean of the rows.
struct Perplexity: Metric {
  static let schema = Schema(
    "perplexity", "How many classes the prediction hesitates between, in the geometric mean of the rows.",
    formula:
      "exp(-mean(ln(prediction[class]))), prediction [batch, ..., classes]: probabilities, class: int32",
    inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  var isLargerBetter: Bool { false }
  var sumCount: Int { 2 }

  func check(prediction: ValueType, target: ValueType) throws {
    try ClassRows.check(prediction: prediction, target: target, acceptsOneHot: false)
  }

  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    ClassRows(prediction, target, rows: rows).visit { start, wanted in
      // A probability of 0 counts as the smallest number, so that one row does not hide all others.
      sums[0] -= log(max(prediction[start + wanted], .leastNormalMagnitude))
      sums[1] += 1
    }
  }

  func value(_ sums: UnsafeBufferPointer<Double>) -> Double { sums[1] > 0 ? exp(sums[0] / sums[1]) : 1 }
}
