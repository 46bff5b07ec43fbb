import Kernels
import LayerKit

/// The loss `kl_divergence`: how far a distribution is from the target's.
struct KLDivergenceLoss: ElementwiseLoss {
  static let examples = [
    Example("", ExampleInput([3, 4], .logDistribution), ExampleInput([3, 4], .distribution))
  ]

  static let schema = Schema(
    "kl_divergence",
    "Sums up the relative entropy; the prediction is logarithms of probabilities, the target probabilities.",
    formula: "e = sum_j t_j (ln t_j - p_j), 0 ln 0 = 0",
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws {}

  var takesMean: Bool { false }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func terms<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ terms: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    Kernel.map(.log, x: target, y: terms, count: count)
    for index in 0..<count {
      terms[index] = target[index] == 0 ? 0 : target[index] * (terms[index] - prediction[index])
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func predictionSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    for index in 0..<count { slopes[index] = -target[index] }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func targetSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    // At 0 the slope is minus infinity; a gradient of 0 leaves such a target where it is.
    Kernel.map(.log, x: target, y: slopes, count: count)
    for index in 0..<count {
      slopes[index] = target[index] == 0 ? 0 : slopes[index] + 1 - prediction[index]
    }
  }
}
