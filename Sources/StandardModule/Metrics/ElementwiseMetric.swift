import LayerKit

/// What the metrics share that compare a prediction with a target number by number.
protocol ElementwiseMetric: Metric {}

extension ElementwiseMetric {
  func check(prediction: ValueType, target: ValueType) throws {
    guard prediction.element.isFloat else {
      throw LayerFault("the prediction needs float32 or float64, found \(prediction.element.rawValue)")
    }
    guard prediction.element == target.element else {
      throw LayerFault(
        "types differ: prediction \(prediction.element.rawValue), target \(target.element.rawValue) "
          + "(cast converts)")
    }
    guard prediction.rank > 0, prediction.shape == target.shape else {
      throw LayerFault(
        "prediction \(prediction.shapeText) and target \(target.shapeText) need one shape with a batch axis")
    }
  }

  /// How many numbers `rows` rows have.
  func count(_ values: MetricValues, rows: Int) -> Int {
    values.count / max(1, values.shape.first ?? 1) * rows
  }
}
