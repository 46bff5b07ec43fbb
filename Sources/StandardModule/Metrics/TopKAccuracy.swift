import LayerKit

/// The part of the rows whose class is among the `k` largest answers.
struct TopKAccuracy: Metric {
  static let schema = Schema(
    "top_k_accuracy",
    "The part of the rows whose class is among the `k` largest answers; the first of equals.",
    formula: "prediction [batch, ..., classes] against an int32 class, or the argmax of a distribution",
    attributes: [.integer("k", atLeast: 1, default: 5, "How many answers a row may give.")],
    inputs: [], outputs: [])

  private let k: Int

  init(_ attributes: Attributes) { k = attributes.integer("k") }

  var isLargerBetter: Bool { true }
  var sumCount: Int { 2 }

  func check(prediction: ValueType, target: ValueType) throws {
    try ClassRows.check(prediction: prediction, target: target, acceptsOneHot: true)
    if let classes = prediction.shape.last?.number, k > classes {
      throw LayerFault(
        "\(k) is more than the \(classes) classes of prediction \(prediction.shapeText)", attribute: "k")
    }
  }

  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let answers = ClassRows(prediction, target, rows: rows)
    answers.visit { start, wanted in
      let own = prediction[start + wanted]
      var ahead = 0
      for column in 0..<answers.classes {
        let other = prediction[start + column]
        if other > own || other == own && column < wanted { ahead += 1 }
      }
      // A number that is not one is ahead of nothing and behind nothing; it counts as wrong.
      if ahead < k && !own.isNaN { sums[0] += 1 }
      sums[1] += 1
    }
  }

  func value(_ sums: UnsafeBufferPointer<Double>) -> Double { sums[1] > 0 ? sums[0] / sums[1] : 0 }
}
