import Kernels
import LayerKit

/// The loss `cross_entropy`: the logarithm of the probability of the right class.
///
/// The target is a class, or a distribution `t` over the classes; with smoothing `s` it counts as
/// `(1 - s) t + s / classes`.
struct CrossEntropyLoss: Loss {
  /// Whether the prediction is the argument of the softmax, not its value.
  var isFromLogits: Bool
  let smoothing: Double
  let ignoredClass: Int?

  static let examples = [
    Example("", ExampleInput([3, 4], .distribution), .integers([3], below: 4)),
    Example(
      "\"label_smoothing\": 0.2", ExampleInput([3, 4], .distribution), .integers([3], below: 4)),
    Example("", ExampleInput([3, 4], .distribution), ExampleInput([3, 4], .distribution)),
    Example("\"from_logits\": true", .floats([2, 3, 4]), .integers([2, 3], below: 4)),
    Example(
      "\"from_logits\": true, \"label_smoothing\": 0.1", .floats([3, 4]),
      ExampleInput([3, 4], .distribution)),
    Example("\"from_logits\": true, \"ignore_index\": 1", .floats([6, 3]), .integers([6], below: 3)),
    Example("\"ignore_index\": 0", ExampleInput([6, 3], .distribution), .integers([6], below: 3)),
  ]

  static let schema = Schema(
    "cross_entropy",
    "Takes the negative logarithm of the probability of the right class; of a softmax it reads the logits.",
    formula: "e = -sum_j t_j ln p_j",
    attributes: [
      .boolean("from_logits", default: false, "Whether the prediction is the argument of a softmax."),
      .number("label_smoothing", .unit, default: 0, "How much of the target is spread over all classes."),
      .integer("ignore_index", optional: true, "The class that takes no part."),
    ],
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws {
    isFromLogits = attributes.boolean("from_logits")
    smoothing = attributes.number("label_smoothing")
    ignoredClass = attributes.optionalInteger("ignore_index")
  }

  var targets: LossTargets { [.numbers, .classes] }
  var operationsPerFeature: Int { 8 }

  func reading(through producer: any Layer, of sources: [ValueType?]) -> (any Loss)? {
    // A prediction of rank 1 has one feature and no axis of features, so no softmax runs over it.
    guard !isFromLogits, let softmax = producer as? Softmax, case let source?? = sources.first,
      source.rank >= 2, softmax.isOverLastAxis(rank: source.rank)
    else { return nil }
    var meant = self
    meant.isFromLogits = true
    return meant
  }

  var fused: (any FusedLoss)? { isFromLogits ? SoftmaxCrossEntropy(self) : nil }

  /// The ignored class as the kernels take it; one that no target can hold is none.
  private var ignored: Int32? { ignoredClass.flatMap { Int32(exactly: $0) } }

  func errors<Scalar: FloatScalar>(_ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>) {
    if isFromLogits {
      logitErrors(rows, errors, delta: nil)
      return
    }
    let spread = smoothing / Double(rows.features)
    if rows.target != nil || spread > 0 {
      rows.sumTerms(into: errors) { place, count, buffer in
        Kernel.map(.log, x: rows.prediction + place, y: buffer, count: count)
        mixTerms(buffer, rows.target.map { $0 + place }, kept: 1 - smoothing, spread: spread, count: count)
      }
    } else {
      Kernel.fill(value: 0, y: errors, count: rows.rows)
    }
    guard let classes = rows.classes else { return }
    withLossBuffer(of: Scalar.self) { buffer, capacity in
      for start in stride(from: 0, to: rows.rows, by: capacity) {
        let part = rows.slice(start, min(capacity, rows.rows - start))
        gatherClasses(part, classes + start, ignored: ignored, buffer)
        Kernel.map(.log, x: buffer, y: buffer, count: part.rows)
        addClassTerms(
          errors + start, buffer, classes + start, ignored: ignored, kept: 1 - smoothing, rows: part.rows)
      }
    }
  }

  /// The errors of logits, and their gradient where `delta` is given.
  func logitErrors<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>, delta: UnsafeMutablePointer<Scalar>?
  ) {
    Kernel.softmaxCrossEntropy(
      logits: rows.prediction, classes: rows.classes, distribution: rows.target, smoothing: smoothing,
      loss: errors, delta: delta, rows: rows.rows, columns: rows.features, ignore: ignored)
  }

  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target: UnsafeMutablePointer<Scalar>?
  ) {
    let (count, features) = (rows.rows, rows.features)
    if let prediction, isFromLogits {
      withLossBuffer(of: Scalar.self) { buffer, capacity in
        for start in stride(from: 0, to: count, by: capacity) {
          let part = rows.slice(start, min(capacity, count - start))
          logitErrors(part, buffer, delta: prediction + start * features)
        }
      }
      scaleRows(prediction, coefficients, factor: 1, rows: count, features: features, into: prediction)
    } else if let prediction {
      probabilityGradients(
        rows, coefficients, kept: 1 - smoothing, spread: smoothing / Double(features), ignored: ignored,
        prediction)
    }
    guard let target else { return }
    if isFromLogits {
      Kernel.logSoftmax(x: rows.prediction, y: target, outer: count, count: features, inner: 1)
    } else {
      Kernel.map(.log, x: rows.prediction, y: target, count: count * features)
    }
    scaleRows(target, coefficients, factor: smoothing - 1, rows: count, features: features, into: target)
  }
}

/// Puts -(kept t + spread) ln p in place of ln p; a target of 0 has no term, whatever its probability.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func mixTerms<Scalar: FloatScalar>(
  _ logarithms: UnsafeMutablePointer<Scalar>, _ target: UnsafePointer<Scalar>?, kept: Double, spread: Double,
  count: Int
) {
  let (kept, spread) = (Scalar(kept), Scalar(spread))
  guard let target else {
    for index in 0..<count { logarithms[index] *= -spread }
    return
  }
  for index in 0..<count {
    let share = kept * target[index] + spread
    let term = -share * logarithms[index]
    logarithms[index] = share == 0 ? 0 : term
  }
}

/// Writes the probability of each row's class; 1 where the class is ignored.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func gatherClasses<Scalar: FloatScalar>(
  _ rows: LossRows<Scalar>, _ classes: UnsafePointer<Int32>, ignored: Int32?,
  _ buffer: UnsafeMutablePointer<Scalar>
) {
  for row in 0..<rows.rows {
    buffer[row] = classes[row] == ignored ? 1 : rows.prediction[row &* rows.features &+ Int(classes[row])]
  }
}

/// Takes the logarithm of each row's class off its error; 0 where the class is ignored.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func addClassTerms<Scalar: FloatScalar>(
  _ errors: UnsafeMutablePointer<Scalar>, _ logarithms: UnsafeMutablePointer<Scalar>,
  _ classes: UnsafePointer<Int32>, ignored: Int32?, kept: Double, rows: Int
) {
  let kept = Scalar(kept)
  for row in 0..<rows {
    // With a smoothing of 1 nothing is left for the class, not even an infinite logarithm.
    let term = kept == 0 ? 0 : kept * logarithms[row]
    errors[row] = classes[row] == ignored ? 0 : errors[row] - term
  }
}

/// Writes -coefficient (kept t + spread) / p for every element.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func probabilityGradients<Scalar: FloatScalar>(
  _ rows: LossRows<Scalar>, _ coefficients: UnsafePointer<Scalar>, kept: Double, spread: Double,
  ignored: Int32?, _ gradient: UnsafeMutablePointer<Scalar>
) {
  let (kept, spread) = (Scalar(kept), Scalar(spread))
  for row in 0..<rows.rows {
    let start = row &* rows.features
    let coefficient = coefficients[row]
    if let target = rows.target {
      for place in start..<start &+ rows.features {
        let share = kept * target[place] + spread
        gradient[place] = share == 0 ? 0 : -coefficient * share / rows.prediction[place]
      }
      continue
    }
    let isIgnored = rows.classes?[row] == ignored && ignored != nil
    for place in start..<start &+ rows.features {
      gradient[place] = spread == 0 || isIgnored ? 0 : -coefficient * spread / rows.prediction[place]
    }
    if let classes = rows.classes, !isIgnored, kept != 0 {
      let place = start &+ Int(classes[row])
      gradient[place] -= coefficient * kept / rows.prediction[place]
    }
  }
}
