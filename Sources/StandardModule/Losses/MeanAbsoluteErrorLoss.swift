import Kernels
import LayerKit

/// The loss `mean_absolute_error`: the mean of the absolute differences.
struct MeanAbsoluteErrorLoss: ElementwiseLoss {
  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4])), Example("", .floats([5]), .floats([5])),
  ]

  static let schema = Schema(
    "mean_absolute_error", "Takes the mean of the absolute differences; the gradient at 0 is 0.",
    formula: "e = mean_j |p_j - t_j|",
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws {}

  var takesMean: Bool { true }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func terms<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ terms: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, terms, count: count) { abs($0 - $1) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func predictionSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, slopes, count: count) { $0 > $1 ? 1 : $0 < $1 ? -1 : 0 }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func targetSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, slopes, count: count) { $1 > $0 ? 1 : $1 < $0 ? -1 : 0 }
  }
}
