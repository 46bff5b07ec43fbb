import Kernels
import LayerKit

/// The loss `negative_log_likelihood`: minus what the prediction, logarithms of probabilities, gives the
/// right class.
struct NegativeLogLikelihoodLoss: Loss {
  static let examples = [
    Example("", ExampleInput([3, 4], .logDistribution), .integers([3], below: 4)),
    Example("", ExampleInput([2, 3, 4], .logDistribution), .integers([2, 3], below: 4)),
    Example("", ExampleInput([3, 4], .logDistribution), ExampleInput([3, 4], .distribution)),
  ]

  static let schema = Schema(
    "negative_log_likelihood",
    "Takes the negative of the right class's entry; the prediction is logarithms of probabilities.",
    formula: "e = -sum_j t_j p_j", inputs: [], outputs: [])

  init(_ attributes: Attributes) throws {}

  var targets: LossTargets { [.numbers, .classes] }

  func errors<Scalar: FloatScalar>(_ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>) {
    guard let target = rows.target else { return classErrors(rows, errors) }
    rows.sumTerms(into: errors) { place, count, buffer in
      Kernel.binary(
        .multiply, a: rows.prediction + place, aStride: 1, b: target + place, bStride: 1, y: buffer,
        count: count)
    }
    Kernel.map(.negate, x: errors, y: errors, count: rows.rows)
  }

  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target: UnsafeMutablePointer<Scalar>?
  ) {
    let (count, features) = (rows.rows, rows.features)
    if let prediction, let values = rows.target {
      scaleRows(values, coefficients, factor: -1, rows: count, features: features, into: prediction)
    } else if let prediction {
      Kernel.fill(value: 0, y: prediction, count: count * features)
      classGradients(rows, coefficients, prediction)
    }
    if let target {
      scaleRows(rows.prediction, coefficients, factor: -1, rows: count, features: features, into: target)
    }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func classErrors<Scalar: FloatScalar>(
  _ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>
) {
  guard let classes = rows.classes else { return }
  for row in 0..<rows.rows { errors[row] = -rows.prediction[row &* rows.features &+ Int(classes[row])] }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func classGradients<Scalar: FloatScalar>(
  _ rows: LossRows<Scalar>, _ coefficients: UnsafePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>
) {
  guard let classes = rows.classes else { return }
  for row in 0..<rows.rows { gradient[row &* rows.features &+ Int(classes[row])] = -coefficients[row] }
}
