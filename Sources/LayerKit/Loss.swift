import Kernels

/// What one call of a loss works on: `rows` predictions of `features` numbers each.
public struct LossRows<Scalar: FloatScalar> {
  public let prediction: UnsafePointer<Scalar>
  /// The target as numbers, [rows, features]; nil where the target is a class.
  public let target: UnsafePointer<Scalar>?
  /// The target as classes, [rows]; nil where the target is numbers.
  public let classes: UnsafePointer<Int32>?
  public let rows: Int
  public let features: Int

  public init(
    prediction: UnsafePointer<Scalar>, target: UnsafePointer<Scalar>?, classes: UnsafePointer<Int32>?,
    rows: Int, features: Int
  ) {
    self.prediction = prediction
    self.target = target
    self.classes = classes
    self.rows = rows
    self.features = features
  }

  /// The rows from `start` on.
  public func slice(_ start: Int, _ count: Int) -> LossRows {
    LossRows(
      prediction: prediction + start * features, target: target.map { $0 + start * features },
      classes: classes.map { $0 + start }, rows: count, features: features)
  }
}

/// A kind of loss: one number `e` for each row of features, and its gradients.
///
/// The operator `loss` does what all kinds share: sample weights, the sum or the mean, the classes' range.
public protocol Loss: Component {
  /// Small uses, with the prediction and the target as inputs, whose gradients are checked.
  static var examples: [Example] { get }

  /// Whether the target may be numbers of the prediction's shape, an int32 class a row, or either.
  var targets: LossTargets { get }

  /// The class that takes no part, where there is one.
  var ignoredClass: Int? { get }

  /// The loss that is meant where the prediction was computed by `producer` from `sources`, and reads what
  /// the producer read instead; nil where the prediction is taken as it stands.
  func reading(through producer: any Layer, of sources: [ValueType?]) -> (any Loss)?

  /// The fused form, whose `errors` also gives the gradient of each row; nil where there is none.
  var fused: (any FusedLoss)? { get }

  /// Writes e for each row.
  func errors<Scalar: FloatScalar>(_ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>)

  /// Writes the gradients of sum over rows of coefficient[row] e[row].
  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target: UnsafeMutablePointer<Scalar>?)

  /// The floating-point operations for one feature of one row.
  var operationsPerFeature: Int { get }
}

extension Loss {
  public var ignoredClass: Int? { nil }
  public func reading(through producer: any Layer, of sources: [ValueType?]) -> (any Loss)? { nil }
  public var fused: (any FusedLoss)? { nil }
  public var operationsPerFeature: Int { 3 }
}

/// A loss whose forward pass leaves the gradient of each row behind, so that backward only scales it.
public protocol FusedLoss: Loss {
  /// Writes e for each row and, where `delta` is given, d e / d prediction, [rows, features].
  func errors<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>, delta: UnsafeMutablePointer<Scalar>?)
}

/// The targets that a kind of loss accepts.
public struct LossTargets: OptionSet, Hashable, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Floats of the prediction's shape.
  public static let numbers = LossTargets(rawValue: 1)
  /// int32, of the prediction's shape without its last axis.
  public static let classes = LossTargets(rawValue: 2)
}

/// A layer whose one number may be the sum, and not the mean, of what each row gives.
///
/// Where rows are evaluated in several pieces, sums are added and means are weighted by their rows.
public protocol SumsOverRows: Layer {
  var isSumOverRows: Bool { get }
}
