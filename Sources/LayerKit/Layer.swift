import Kernels
import Tensors

/// An operator of the graph: what it accepts, what it gives, and how it computes it.
///
/// A layer is a value that was made from its node's attributes. It computes on memory that the plan owns and
/// allocates none itself. The same source runs in 32 bits and, as the proof of its gradient, in 64.
public protocol Layer: Component {
  /// Small uses that cover the operator's attributes; every one is run and its gradients are checked.
  static var examples: [Example] { get }

  /// Says the types of the outputs and asks for parameters. Throws `LayerFault`.
  func infer(_ inference: inout Inference) throws

  /// A function that follows the first output; the compiler runs it as an operator of its own or fuses it.
  var activation: (any Activation)? { get }

  /// Whether the first output may take the memory of the first input. Where that is the only input, its
  /// gradient may take the memory of the output's gradient, too: element i is read before it is written.
  var computesInPlace: Bool { get }

  /// Whether forward draws random numbers, so that equal inputs may give other outputs at another step.
  var drawsRandomNumbers: Bool { get }

  /// The memory that a call needs besides its inputs and outputs.
  func workspace(_ signature: Signature) -> Workspace

  /// Makes what the calls of one plan need besides memory: primitives, packed layouts, what a plugin holds.
  ///
  /// It is asked once, when a session opens, and comes back as `call.prepared`; nil where nothing is needed.
  func prepare(_ signature: Signature) throws -> AnyObject?

  /// The floating-point operations of a forward call; a backward call counts twice as many.
  func operations(_ signature: Signature) -> Int

  /// Writes every output. Throws `RunFault` for a value that the data should not hold.
  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws
}

extension Layer {
  public var activation: (any Activation)? { nil }
  public var computesInPlace: Bool { false }
  public var drawsRandomNumbers: Bool { false }
  public func workspace(_ signature: Signature) -> Workspace { Workspace() }
  public func prepare(_ signature: Signature) throws -> AnyObject? { nil }
  public func operations(_ signature: Signature) -> Int { signature.outputs.first?.count ?? 0 }
}

/// A layer that gradients pass through. A layer that is not one of these runs, but stops a training plan.
public protocol DifferentiableLayer: Layer {
  /// What backward reads of what forward read and wrote; the plan frees the rest early.
  func backwardReads(_ signature: Signature) -> BackwardReads

  /// Whether a gradient reaches the input; only float inputs are asked about.
  func hasGradient(input: Int) -> Bool

  /// Writes the gradient of every input and parameter that is asked for.
  ///
  /// The gradient of every float output is there (zero where nothing reached it). Those buffers are the
  /// call's own from then on: backward may overwrite them.
  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws
}

extension DifferentiableLayer {
  public func backwardReads(_ signature: Signature) -> BackwardReads { .everything }
  public func hasGradient(input: Int) -> Bool { true }
}

/// A layer that, in place of a value, can read what that value was computed from.
///
/// This is how a loss takes logits where the graph feeds it probabilities.
public protocol ReadsThrough: Layer {
  /// The layer to use where input `input`, made by `producer` from `sources`, is replaced by `sources[0]`.
  func reading(input: Int, through producer: any Layer, of sources: [ValueType?]) -> (any Layer)?
}

/// A layer that, in inference, multiplies each channel (axis 1) by one number and adds another.
///
/// What stands before it and is linear, such as a convolution, can take those numbers over.
public protocol ChannelAffine: Layer {
  /// Writes the numbers of each channel; `parameters` are the layer's own in the order of their declaration.
  func channelFactors<Scalar: FloatScalar>(
    _ parameters: ArraySlice<TensorView>, factor: UnsafeMutablePointer<Scalar>,
    offset: UnsafeMutablePointer<Scalar>)
}

/// What the backward pass of a layer reads.
public struct BackwardReads: Hashable, Sendable {
  /// Bit i: input i is read.
  public var inputs: UInt64
  /// Bit i: output i is read.
  public var outputs: UInt64

  public init(inputs: [Int] = [], outputs: [Int] = []) {
    self.inputs = inputs.reduce(0) { $0 | (1 << UInt64($1)) }
    self.outputs = outputs.reduce(0) { $0 | (1 << UInt64($1)) }
  }

  public static let nothing = BackwardReads()
  public static let everything: BackwardReads = {
    var all = BackwardReads()
    all.inputs = .max
    all.outputs = .max
    return all
  }()

  public func readsInput(_ index: Int) -> Bool { reads(inputs, index) }
  public func readsOutput(_ index: Int) -> Bool { reads(outputs, index) }

  private func reads(_ ports: UInt64, _ index: Int) -> Bool {
    index > 63 ? ports == .max : ports >> UInt64(index) & 1 == 1
  }
}

/// Whether a network trains or answers.
public enum Mode: String, Hashable, Sendable {
  case training
  case inference
}

/// The sizes of one value in a plan.
public struct ConcreteType: Hashable, Sendable {
  public var element: ElementType
  public var shape: [Int]
  public var count: Int

  public init(_ element: ElementType, _ shape: [Int]) {
    self.element = element
    self.shape = shape
    count = shape.reduce(1, saturatingProduct)
  }

  public var byteCount: Int { saturatingProduct(count, element.byteCount) }
}

/// The sizes that one call of a layer has, known when the plan is made.
public struct Signature: Sendable {
  public var inputs: [ConcreteType?]
  public var outputs: [ConcreteType]
  public var parameters: [ConcreteType]
  public var mode: Mode
  /// Whether backward follows forward.
  public var isDifferentiated: Bool

  public init(
    inputs: [ConcreteType?], outputs: [ConcreteType], parameters: [ConcreteType], mode: Mode,
    isDifferentiated: Bool
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.mode = mode
    self.isDifferentiated = isDifferentiated
  }

  /// A required input.
  public func input(_ index: Int = 0) -> ConcreteType {
    guard let found = inputs[index] else { preconditionFailure("input \(index) is optional and absent") }
    return found
  }
}

/// The memory that one call asks for.
public struct Workspace: Hashable, Sendable {
  /// A buffer of `count` elements; floats have the precision of the call.
  public enum Buffer: Hashable, Sendable {
    case scalars(Int)
    case integers(Int)
    case bytes(Int)
  }

  /// Kept from forward to backward.
  public var saved: [Buffer]
  /// Used within forward alone.
  public var forwardScratch: [Buffer]
  /// Used within backward alone.
  public var backwardScratch: [Buffer]
  /// The first of `forwardScratch` that holds what was written there from one run to the next; nil where none does.
  /// What a layer makes of its parameters stands there, and holds as long as `Call.parameterVersion` stays.
  public var firstKeptScratch: Int?

  public init(
    saved: [Buffer] = [], forwardScratch: [Buffer] = [], backwardScratch: [Buffer] = [],
    firstKeptScratch: Int? = nil
  ) {
    self.saved = saved
    self.forwardScratch = forwardScratch
    self.backwardScratch = backwardScratch
    self.firstKeptScratch = firstKeptScratch
  }
}
