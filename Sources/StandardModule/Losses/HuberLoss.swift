import Kernels
import LayerKit

/// The loss `huber`: a square near 0, a straight line further out.
struct HuberLoss: ElementwiseLoss {
  let delta: Double

  static let examples = [
    Example("", .floats([3, 4]), .floats([3, 4])),
    Example("\"delta\": 0.5", .floats([5]), .floats([5])),
  ]

  static let schema = Schema(
    "huber", "Squares small differences and takes large ones straight.",
    formula: "e = mean_j (d^2 / 2 where d <= delta, else delta (d - delta / 2)), d = |p_j - t_j|",
    attributes: [.number("delta", .positive, default: 1, "Where the square turns into the line.")],
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws { delta = attributes.number("delta") }

  var takesMean: Bool { true }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func terms<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ terms: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    let delta = Scalar(delta)
    forEachPair(prediction, target, terms, count: count) {
      let distance = abs($0 - $1)
      return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func predictionSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    let delta = Scalar(delta)
    forEachPair(prediction, target, slopes, count: count) { min(max($0 - $1, -delta), delta) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func targetSlopes<Scalar: FloatScalar>(
    _ prediction: UnsafePointer<Scalar>, _ target: UnsafePointer<Scalar>,
    _ slopes: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    let delta = Scalar(delta)
    forEachPair(prediction, target, slopes, count: count) { min(max($1 - $0, -delta), delta) }
  }
}
