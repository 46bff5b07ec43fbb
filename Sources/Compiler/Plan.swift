import LayerKit
import Tensors

/// What is to be computed, for sizes that are known.
public struct PlanRequest: Sendable {
  public var mode: Mode
  /// A size for every symbol of the network.
  public var sizes: [String: Int]
  /// Whether every float32 is computed as float64.
  public var inDouble: Bool
  /// The values that can be read after a run.
  public var fetches: [ValueID]
  /// The sum whose gradients are computed; empty for a forward run.
  public var losses: [LossTerm]
  /// Whether gradients of the trainable parameters are wanted, and of which inputs.
  public var parameterGradients: Bool
  public var inputGradients: [ValueID]
  public var rewrites: RewriteSelection
  /// The memory that the plan may take, in bytes.
  public var memoryLimit: Int
  /// Whether the copies of blocks that the graph asks for are computed again for backward; false keeps all
  /// values, for a comparison.
  public var recomputes: Bool

  public init(
    mode: Mode, sizes: [String: Int], inDouble: Bool = false, fetches: [ValueID],
    losses: [LossTerm] = [], parameterGradients: Bool = true, inputGradients: [ValueID] = [],
    rewrites: RewriteSelection = .all, memoryLimit: Int = .max,
    recomputes: Bool = true
  ) {
    self.mode = mode
    self.sizes = sizes
    self.inDouble = inDouble
    self.fetches = fetches
    self.losses = losses
    self.parameterGradients = parameterGradients
    self.inputGradients = inputGradients
    self.rewrites = rewrites
    self.memoryLimit = memoryLimit
    self.recomputes = recomputes
  }
}

/// A value of shape [] and its factor in the sum that training makes small.
public struct LossTerm: Hashable, Sendable {
  public var value: ValueID
  public var weight: Double

  public init(value: ValueID, weight: Double) {
    self.value = value
    self.weight = weight
  }
}

/// A buffer of a plan, by its number.
public struct BufferID: Hashable, Sendable {
  public let index: Int
}

/// A place in the plan's memory.
public struct Buffer: Sendable {
  public var type: ConcreteType
  public var offset: Int
  /// The first and the last step that use it.
  public var life: ClosedRange<Int>
}

/// Where a parameter's gradient goes.
public enum GradientTarget: Sendable {
  /// Straight into the block of gradients.
  case block
  /// Into a buffer that a later step adds to the block: a parameter that several nodes use.
  case buffer(BufferID)
}

/// One call of a layer with the places of all its memory.
public struct PlannedCall: Sendable {
  public let node: GraphNode
  /// The precision that the layer computes in.
  public let element: ElementType
  public let signature: Signature
  public internal(set) var inputs: [BufferID?]
  public internal(set) var outputs: [BufferID]
  public internal(set) var saved: [BufferID]
  public internal(set) var forwardScratch: [BufferID]
  public internal(set) var backwardScratch: [BufferID] = []
  public internal(set) var outputGradients: [BufferID?] = []
  public internal(set) var inputGradients: [BufferID?] = []
  public internal(set) var parameterGradients: [GradientTarget?] = []
  /// By parameter: the buffer that stands in for a state; empty where none does.
  public internal(set) var states: [BufferID?] = []
  /// Whether it computes again, for backward, what another call has computed.
  public internal(set) var isRepeated = false

  /// Whether backward follows forward.
  public var isDifferentiated: Bool { signature.isDifferentiated }
}

/// One step of a plan.
public enum PlanStep: Sendable {
  /// Runs call `call` forward.
  case forward(Int)
  /// Runs call `call` backward.
  case backward(Int)
  /// Sets every element of a buffer.
  case fill(BufferID, Double)
  /// Adds a buffer to another: a gradient that arrives by a second way.
  case add(BufferID, to: BufferID)
  /// Adds a number to every element of a buffer of gradients.
  case addNumber(Double, to: BufferID)
  /// Adds a buffer to a parameter's place in the block of gradients.
  case addToParameter(BufferID, ParameterID)
}

/// A network ready to run: the steps in order, and a place for everything they touch.
///
/// Only `Plan.make` makes one.
public struct Plan: Sendable {
  public let request: PlanRequest
  public let calls: [PlannedCall]
  public let steps: [PlanStep]
  /// How many of the first steps give the same at every run; they are run once, when a session opens.
  public let constantStepCount: Int
  /// How many of the steps are forward, the constant ones among them; what is computed again for backward is
  /// none of them.
  public let forwardStepCount: Int
  public let buffers: [Buffer]
  /// The bytes of all buffers together, packed by their lives.
  public let arenaByteCount: Int
  public let layout: ParameterLayout
  /// The graph's inputs that the plan reads.
  public let inputs: [(value: ValueID, buffer: BufferID)]
  /// Where each fetched value stands after a run.
  public let fetched: [ValueID: BufferID]
  /// Where the gradient of an input stands; absent where none reaches it.
  public let inputGradients: [ValueID: BufferID]
  /// By value: its type with sizes in place of symbols; nil for what the plan does not touch.
  let types: [ConcreteType?]
  /// The trainable parameters that a gradient reaches.
  public let reached: Set<ParameterID>
  /// The rewrites that changed something, by name.
  public let appliedRewrites: [String]
  /// Floating-point operations of a forward run, and of a run with its gradients.
  public let forwardOperations: Int
  public let operations: Int
  /// How many of `operations` compute again what forward has computed and let go.
  public let repeatedOperations: Int

  /// The type of a value with sizes in place of symbols; nil for a value that the plan does not touch.
  public func concreteType(of value: ValueID) -> ConcreteType? {
    value.index < types.count ? types[value.index] : nil
  }
}

/// Which rewrites a plan may use.
public enum RewriteSelection: Hashable, Sendable {
  case all
  case none
  case only(Set<String>)
  case without(Set<String>)

  public func includes(_ name: String) -> Bool {
    switch self {
    case .all: true
    case .none: false
    case .only(let names): names.contains(name)
    case .without(let names): !names.contains(name)
    }
  }
}
