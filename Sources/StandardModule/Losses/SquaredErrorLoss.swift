import Kernels
import LayerKit

/// The loss `squared_error`: the sum of the squares of the differences.
struct SquaredErrorLoss: ElementwiseLoss {
  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4])), Example("", .floats([5]), .floats([5])),
  ]

  static let schema = Schema(
    "squared_error", "Sums up the squared differences.",
    formula: "e = sum_j (p_j - t_j)^2",
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws {}

  var takesMean: Bool { false }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func terms<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ terms: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, terms, count: count) { ($0 - $1) * ($0 - $1) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func predictionSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, slopes, count: count) { 2 * ($0 - $1) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func targetSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, slopes, count: count) { 2 * ($1 - $0) }
  }
}
