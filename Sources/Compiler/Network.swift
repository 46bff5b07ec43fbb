import Diagnostics
import GraphFile
import LayerKit
import Tensors

/// A graph that was checked: every name resolved, every block expanded, every type known.
///
/// Only `Network.resolve` makes one.
public struct Network: Sendable {
  public let document: GraphDocument
  public let inputs: [NetworkInput]
  public let outputs: [NetworkOutput]
  /// The nodes of the file, blocks expanded, in an order in which they can run.
  public let nodes: [NetworkNode]
  public let parameters: [NetworkParameter]
  public let training: TrainingSettings?
  /// What runs: activations are operations of their own, losses read logits where the graph means them.
  public let graph: ComputationGraph
  /// Every public name of a value.
  let valueNames: [String: ValueID]
  /// The symbols in the shapes of the values, in alphabetic order.
  public let symbols: [String]

  init(
    document: GraphDocument, inputs: [NetworkInput], outputs: [NetworkOutput], nodes: [NetworkNode],
    parameters: [NetworkParameter], training: TrainingSettings?, graph: ComputationGraph,
    valueNames: [String: ValueID]
  ) {
    self.document = document
    self.inputs = inputs
    self.outputs = outputs
    self.nodes = nodes
    self.parameters = parameters
    self.training = training
    self.graph = graph
    self.valueNames = valueNames
    var symbols: Set<String> = []
    for value in graph.values { for size in value.type.shape { symbols.formUnion(size.symbols) } }
    self.symbols = symbols.sorted()
  }

  /// The value that a reference names: an input, a node, or a node's port.
  public func value(_ reference: String) throws(Fault) -> ValueID {
    if let found = valueNames[reference] { return found }
    throw Fault(
      .usage, "no value \"\(reference.excerpt())\" in graph \"\(document.name.value)\"",
      nearest: nearest(to: reference, among: valueNames.keys))
  }

  public func type(_ value: ValueID) -> ValueType { graph[value].type }
}

/// An input of a network.
public struct NetworkInput: Sendable {
  public let name: String
  public let value: ValueID
  public let type: ValueType
  public let summary: String?
}

/// An output of a network under its public name.
public struct NetworkOutput: Sendable {
  public let name: String
  public let value: ValueID
}

/// A node of the file, or of an expanded block.
public struct NetworkNode: Sendable {
  /// The full name: `body_3/first`.
  public let name: String
  /// The operator as the file writes it.
  public let op: String
  public let layer: any Layer
  public let inputs: [ValueID?]
  public let outputs: [ValueID]
  public let parameters: [ParameterID]
  /// The node whose parameters this one uses.
  public let shared: String?
  public let isTrainable: Bool
  /// Where it stands, for messages.
  public let place: String
  public let text: TextPlace
}

/// A parameter or a state under its full name.
public struct NetworkParameter: Sendable {
  /// `body_3/first.weight`.
  public let name: String
  public let declaration: ParameterDeclaration
  /// The full name of the node that owns it.
  public let node: String
  /// False for states and for what the file froze.
  public let isTrainable: Bool

  public var isState: Bool { !declaration.isTrainable }
  public var shape: [Int] { declaration.shape }
  public var count: Int { shape.reduce(1, saturatingProduct) }
}
