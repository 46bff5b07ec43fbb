import Kernels
import LayerKit

/// The loss `hinge`: how far a score is from the right side of the margin.
struct HingeLoss: ElementwiseLoss {
  static let examples = [
    Example("", .floats([3, 4], kinks: [-1, 1]), ExampleInput([3, 4], .signs)),
    Example("", .floats([5], kinks: [-1, 1]), ExampleInput([5], .signs)),
  ]

  static let schema = Schema(
    "hinge",
    "Takes the mean of what is missing to the margin, for targets -1 and 1; the gradient at the margin is 0.",
    formula: "e = mean_j max(0, 1 - t_j p_j)",
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws {}

  var takesMean: Bool { true }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func terms<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ terms: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, terms, count: count) { max(0, 1 - $0 * $1) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func predictionSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, slopes, count: count) { $0 * $1 < 1 ? -$1 : 0 }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func targetSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    forEachPair(prediction, target, slopes, count: count) { $0 * $1 < 1 ? -$0 : 0 }
  }
}
