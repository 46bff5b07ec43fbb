import Tensors

/// A value in a graph.
public struct ValueID: Hashable, Sendable {
  public let index: Int
  public init(_ index: Int) { self.index = index }
}

/// A parameter or a state of a graph.
public struct ParameterID: Hashable, Sendable {
  public let index: Int
  public init(_ index: Int) { self.index = index }
}

/// One value: its public name and what is known of it.
public struct GraphValue: Sendable {
  public var name: String
  public var type: ValueType

  public init(name: String, type: ValueType) {
    self.name = name
    self.type = type
  }
}

/// One operation of a graph.
public struct GraphNode: Sendable {
  /// The full name of the node of the file that it stands for.
  public var name: String
  public var layer: any Layer
  public var inputs: [ValueID?]
  public var outputs: [ValueID]
  public var parameters: [ParameterID]
  /// The copy of a block whose inner values are computed again for backward: `body_3`; nil where all is kept.
  public var segment: String?
  /// Whether its outputs are the same at every run, so that a plan may compute them once.
  public var isConstant = false

  public init(
    name: String, layer: any Layer, inputs: [ValueID?], outputs: [ValueID], parameters: [ParameterID],
    segment: String? = nil
  ) {
    self.name = name
    self.layer = layer
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.segment = segment
  }
}

/// Operations in an order in which they can run, and the values between them.
public struct ComputationGraph: Sendable {
  public private(set) var nodes: [GraphNode] = []
  public private(set) var values: [GraphValue] = []

  public init() {}

  public mutating func add(value: GraphValue) -> ValueID {
    values.append(value)
    return ValueID(values.count - 1)
  }

  public mutating func add(node: GraphNode) { nodes.append(node) }

  public subscript(_ id: ValueID) -> GraphValue {
    get { values[id.index] }
    set { values[id.index] = newValue }
  }

  /// Puts other operations in place of all.
  public mutating func replaceNodes(_ nodes: [GraphNode]) { self.nodes = nodes }

  /// For each value, the index of the node that makes it; -1 for the inputs of the graph.
  public func producers() -> [Int] {
    var result = [Int](repeating: -1, count: values.count)
    for (index, node) in nodes.enumerated() { for output in node.outputs { result[output.index] = index } }
    return result
  }

  /// For each value, how many times operations read it.
  public func readerCounts() -> [Int] {
    var result = [Int](repeating: 0, count: values.count)
    for node in nodes { for case let input? in node.inputs { result[input.index] += 1 } }
    return result
  }
}

/// A rule that makes a plan faster and leaves what the graph means alone; each can be switched off by name.
public protocol Rewrite: Sendable {
  var name: String { get }
  /// One sentence.
  var summary: String { get }

  /// Changes the operations and returns in how many places.
  func apply(to graph: inout ComputationGraph, in context: RewriteContext) -> Int
}

/// What a rewrite must know of the plan that is made.
public struct RewriteContext: Sendable {
  /// The values that are read from outside and must still be made.
  public var kept: Set<ValueID>
  public var mode: Mode
  /// Whether gradients will be computed.
  public var isDifferentiated: Bool

  public init(kept: Set<ValueID>, mode: Mode, isDifferentiated: Bool) {
    self.kept = kept
    self.mode = mode
    self.isDifferentiated = isDifferentiated
  }
}
