import Kernels
import LayerKit

/// The loss `binary_cross_entropy`: the logarithm of the probability of each yes or no.
///
/// Of probabilities the logarithms are held above -100, as PyTorch does; of logits none is taken.
struct BinaryCrossEntropyLoss: ElementwiseLoss {
  /// Whether the prediction is the argument of the sigmoid, not its value.
  var isFromLogits: Bool

  static let examples = [
    Example("", .floats([3, 4], in: 0.1...0.9, kinks: []), .floats([3, 4], in: 0.1...0.9, kinks: [])),
    Example("\"from_logits\": true", .floats([3, 4]), .floats([3, 4], in: 0.1...0.9, kinks: [])),
    Example("\"from_logits\": true", .floats([5]), .floats([5], in: 0.1...0.9, kinks: [])),
  ]

  static let schema = Schema(
    "binary_cross_entropy",
    "Takes the mean of the negative logarithms of the probabilities of yes or no; of a sigmoid it reads the "
      + "logits.",
    formula: "e = mean_j -(t_j ln p_j + (1 - t_j) ln(1 - p_j))",
    attributes: [
      .boolean("from_logits", default: false, "Whether the prediction is the argument of a sigmoid.")
    ],
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws { isFromLogits = attributes.boolean("from_logits") }

  var takesMean: Bool { true }
  var operationsPerFeature: Int { 8 }

  func reading(through producer: any Layer, of sources: [ValueType?]) -> (any Loss)? {
    guard !isFromLogits, (producer as? ActivationLayer)?.function is Sigmoid else { return nil }
    var meant = self
    meant.isFromLogits = true
    return meant
  }

  var fused: (any FusedLoss)? { isFromLogits ? SigmoidCrossEntropy(self) : nil }

  func terms<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ terms: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if isFromLogits {
      Kernel.sigmoidCrossEntropy(logits: prediction, target: target, loss: terms, delta: nil, count: count)
      return
    }
    withLossBuffer(of: Scalar.self) { complements, _ in
      logarithms(prediction, terms, complements, count: count)
      mixLogarithms(terms, complements, target, count: count)
    }
  }

  func predictionSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if isFromLogits {
      Kernel.sigmoidCrossEntropy(logits: prediction, target: target, loss: nil, delta: slopes, count: count)
    } else {
      probabilitySlopes(prediction, target, slopes, count: count)
    }
  }

  func targetSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    if isFromLogits {
      Kernel.map(.negate, x: prediction, y: slopes, count: count)
      return
    }
    withLossBuffer(of: Scalar.self) { complements, capacity in
      for start in stride(from: 0, to: count, by: capacity) {
        let length = min(capacity, count - start)
        logarithms(prediction + start, slopes + start, complements, count: length)
        Kernel.binary(
          .subtract, a: complements, aStride: 1, b: slopes + start, bStride: 1, y: slopes + start,
          count: length)
      }
    }
  }

  /// Writes ln p and ln(1 - p), neither below -100.
  private func logarithms<Scalar: FloatScalar>(
    _ p: UnsafePointer<Scalar>, _ logarithms: UnsafeMutablePointer<Scalar>,
    _ complements: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    Kernel.map(.log, x: p, y: logarithms, count: count)
    Kernel.map(.linear, x: p, y: complements, count: count, a: -1, b: 1)
    Kernel.map(.log, x: complements, y: complements, count: count)
    holdLogarithms(p, logarithms, complements, count: count)
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func holdLogarithms<Scalar: FloatScalar>(
  _ p: UnsafePointer<Scalar>, _ logarithms: UnsafeMutablePointer<Scalar>,
  _ complements: UnsafeMutablePointer<Scalar>, count: Int
) {
  for index in 0..<count {
    // 1 - p was rounded; the factor -p / (rounded - 1) takes that out of the logarithm again.
    let step = (1 - p[index]) - 1
    let corrected = complements[index] * (-p[index] / step)
    let complement = step == 0 ? -p[index] : corrected
    complements[index] = max(complement, -100)
    logarithms[index] = max(logarithms[index], -100)
  }
}

/// Puts -(t ln p + (1 - t) ln(1 - p)) in place of ln p.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func mixLogarithms<Scalar: FloatScalar>(
  _ logarithms: UnsafeMutablePointer<Scalar>, _ complements: UnsafeMutablePointer<Scalar>,
  _ target: UnsafePointer<Scalar>, count: Int
) {
  for index in 0..<count {
    logarithms[index] = -(target[index] * logarithms[index] + (1 - target[index]) * complements[index])
  }
}

/// (p - t) / (p (1 - p)), with a divisor that is not below 1e-12.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func probabilitySlopes<Scalar: FloatScalar>(
  _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
  _ slopes: UnsafeMutablePointer<Scalar>, count: Int
) {
  let least = Scalar(1e-12)
  forEachPair(prediction, target, slopes, count: count) { p, t in (p - t) / max(p * (1 - p), least) }
}
