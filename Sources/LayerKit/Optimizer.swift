import Kernels

/// What one step of an optimizer changes: a run of parameters that share their rate and decay.
public struct OptimizerRange<Scalar: FloatScalar> {
  public let parameters: UnsafeMutablePointer<Scalar>
  public let gradients: UnsafePointer<Scalar>
  /// What the optimizer keeps from step to step: `slotCount` arrays, `slotStride` elements apart.
  public let slots: UnsafeMutablePointer<Scalar>
  public let slotStride: Int
  public let count: Int
  /// The learning rate of this step for this run.
  public let rate: Scalar
  public let weightDecay: Scalar
  /// The number of the step, from 1.
  public let step: Int
  /// The optimizer's own numbers, after `advance`.
  public let scalars: UnsafePointer<Double>

  public init(
    parameters: UnsafeMutablePointer<Scalar>, gradients: UnsafePointer<Scalar>,
    slots: UnsafeMutablePointer<Scalar>, slotStride: Int, count: Int, rate: Scalar,
    weightDecay: Scalar, step: Int, scalars: UnsafePointer<Double>
  ) {
    self.parameters = parameters
    self.gradients = gradients
    self.slots = slots
    self.slotStride = slotStride
    self.count = count
    self.rate = rate
    self.weightDecay = weightDecay
    self.step = step
    self.scalars = scalars
  }

  /// The array that the optimizer keeps under a number.
  public func slot(_ index: Int) -> UnsafeMutablePointer<Scalar> { slots + index * slotStride }
}

/// A rule that turns gradients into changes of parameters.
public protocol Optimizer: Component {
  var learningRate: Double { get }
  var weightDecay: Double { get }
  /// How many arrays of the parameters' size it keeps; they are zero before the first step.
  var slotCount: Int { get }
  /// Numbers that it keeps besides, and their values before the first step.
  var firstScalars: [Double] { get }

  /// Brings its own numbers to step `step`, counted from 1.
  func advance(_ scalars: UnsafeMutablePointer<Double>, step: Int)

  /// Changes the parameters of the range, each element by itself.
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>)
}

extension Optimizer {
  public var weightDecay: Double { 0 }
  public var firstScalars: [Double] { [] }
  public func advance(_ scalars: UnsafeMutablePointer<Double>, step: Int) {}
}

/// How the learning rate goes with the steps.
public protocol Schedule: Component {
  /// The steps over which the rate rises from 0.
  var warmup: Int { get }

  /// The factor on the learning rate at `step`, counted from 0 after the warm-up, of `steps` in all.
  func factor(step: Int, steps: Int, stepsPerEpoch: Int, rate: Double) -> Double
}

/// How a parameter gets its first values.
public protocol Initializer: Component {
  /// Writes the values of a parameter; `key` keys its random numbers.
  func fill(_ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64)
}

/// A number that says how good the answers are.
public protocol Metric: Component {
  var isLargerBetter: Bool { get }
  /// How many sums it keeps.
  var sumCount: Int { get }

  /// Says what is wrong with the two values that it is to compare. Throws `LayerFault`.
  func check(prediction: ValueType, target: ValueType) throws

  /// Adds `rows` rows of answers to the sums.
  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>)

  /// The metric of what was added.
  func value(_ sums: UnsafeBufferPointer<Double>) -> Double
}

/// The values that a metric reads: rows of numbers, whatever their type.
public struct MetricValues {
  private let view: TensorView

  public init(_ view: TensorView) { self.view = view }

  public var shape: [Int] { view.shape }
  public var count: Int { view.count }
  public var isInteger: Bool { view.type.element == .int32 }

  public subscript(index: Int) -> Double {
    switch view.type.element {
    case .float32: Double(view.pointer(Float.self)[index])
    case .float64: view.pointer(Double.self)[index]
    case .int32: Double(view.pointer(Int32.self)[index])
    case .bool: view.pointer(UInt8.self)[index] == 0 ? 0 : 1
    }
  }
}
