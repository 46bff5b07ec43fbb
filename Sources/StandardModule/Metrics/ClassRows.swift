import LayerKit

/// Rows of numbers, one for each class, and the class that each row should have had.
///
/// The target is int32 classes of the prediction's shape without its last axis, or floats of its shape, whose
/// largest number is the class. A class that the row does not have, such as an ignored one, takes no part.
struct ClassRows {
  private let prediction: MetricValues
  private let target: MetricValues
  let classes: Int
  private let rows: Int

  init(_ prediction: MetricValues, _ target: MetricValues, rows: Int) {
    self.prediction = prediction
    self.target = target
    classes = max(1, prediction.shape.last ?? 1)
    let batch = max(1, prediction.shape.first ?? 1)
    self.rows = prediction.count / classes / batch * rows
  }

  /// Calls `body` with the place of each row's first number, and its class.
  func visit(_ body: (_ start: Int, _ target: Int) -> Void) {
    for row in 0..<rows {
      let start = row * classes
      if !target.isInteger {
        body(start, argmax(target, start))
      } else if let wanted = Int(exactly: target[row]), (0..<classes).contains(wanted) {
        body(start, wanted)
      }
    }
  }

  /// The class of the largest number in the row that begins at `start`; the first of equals.
  func argmax(_ values: MetricValues, _ start: Int) -> Int {
    var best = 0
    var largest = values[start]
    for column in 1..<max(1, classes) {
      let value = values[start + column]
      if value > largest { (best, largest) = (column, value) }
    }
    return best
  }

  /// Throws `LayerFault` where the two values are not what `ClassRows` reads.
  static func check(prediction: ValueType, target: ValueType, acceptsOneHot: Bool) throws {
    guard prediction.element.isFloat else {
      throw LayerFault("the prediction needs float32 or float64, found \(prediction.element.rawValue)")
    }
    let classShape = Array(prediction.shape.dropLast())
    if prediction.rank >= 2 {
      if target.element == .int32, target.shape == classShape { return }
      if acceptsOneHot, target.element.isFloat, target.shape == prediction.shape { return }
    }
    let accepted =
      prediction.rank < 2
      ? "the prediction needs two axes or more, [batch, classes]"
      : "the target needs int32 \(classShape.text)"
        + (acceptsOneHot ? ", or float32 or float64 \(prediction.shapeText)" : "")
    throw LayerFault(
      "prediction \(prediction.shapeText) and target \(target.element.rawValue) \(target.shapeText) "
        + "do not fit: \(accepted)")
  }
}
