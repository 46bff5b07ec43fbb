import LayerKit

/// The part of the answers that are right.
struct Accuracy: Metric {
  static let schema = Schema(
    "accuracy", "The part of the answers that are right.",
    formula: """
      prediction [batch, ..., classes]: argmax against an int32 class, or against the argmax of a distribution
      prediction [batch] or [batch, 1]: above 0.5 against a target of 0 or 1
      """, inputs: [], outputs: [])

  init(_ attributes: Attributes) {}

  var isLargerBetter: Bool { true }
  var sumCount: Int { 2 }

  func check(prediction: ValueType, target: ValueType) throws {
    guard prediction.rank < 2 || prediction.shape.last?.number == 1 else {
      return try ClassRows.check(prediction: prediction, target: target, acceptsOneHot: true)
    }
    guard prediction.element.isFloat else {
      throw LayerFault("the prediction needs float32 or float64, found \(prediction.element.rawValue)")
    }
    guard prediction.rank > 0 else {
      throw LayerFault("the prediction needs a batch axis, found \(prediction.shapeText)")
    }
    let flat = prediction.rank < 2 ? prediction.shape : Array(prediction.shape.dropLast())
    guard target.shape == flat || target.shape == flat + [1] else {
      throw LayerFault(
        "prediction \(prediction.shapeText) and target \(target.shapeText) do not fit: "
          + "the target needs \(flat.text) or \((flat + [1]).text)")
    }
  }

  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    if prediction.shape.count < 2 || prediction.shape.last == 1 {
      let count = prediction.count / max(1, prediction.shape.first ?? 1) * rows
      for i in 0..<count where (prediction[i] > 0.5) == (target[i] > 0.5) { sums[0] += 1 }
      sums[1] += Double(count)
      return
    }
    let answers = ClassRows(prediction, target, rows: rows)
    answers.visit { start, wanted in
      if answers.argmax(prediction, start) == wanted { sums[0] += 1 }
      sums[1] += 1
    }
  }

  func value(_ sums: UnsafeBufferPointer<Double>) -> Double { sums[1] > 0 ? sums[0] / sums[1] : 0 }
}
