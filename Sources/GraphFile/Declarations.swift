import Diagnostics
import JSONText
import Tensors

/// An entry of an input's shape.
public enum ShapeEntryText: Hashable, Sendable {
  case size(Int)
  case symbol(String)
}

/// An input of the graph.
public struct InputDeclaration: Sendable {
  public var name: Located<String>
  /// Nil where it could not be read.
  public var shape: Located<[Located<ShapeEntryText>]>?
  /// `float32` where the file says nothing; nil where it could not be read.
  public var type: ElementType?
  public var description: Located<String>?

  /// How messages name it: `inputs.pixels`.
  public var path: String { "inputs.\(name.value.excerpt(60))" }
}

/// An output of the graph.
public struct OutputDeclaration: Sendable {
  /// The reference as written, or the key where outputs are an object.
  public var publicName: String
  public var reference: Located<ValueReference>
  /// How messages name it: `outputs[0]`, `outputs.probabilities`.
  public var path: String
}

/// What stands at an input of a node.
public enum InputReference: Hashable, Sendable {
  case value(ValueReference)
  /// `null`.
  case absent
  /// Faulty, and reported.
  case unreadable
}

/// The inputs of a node.
public enum NodeInputs: Sendable {
  /// The file says nothing.
  case absent
  /// In port order.
  case list([Located<InputReference>])
  case named([(port: Located<String>, reference: Located<InputReference>)])
  /// Faulty, and reported.
  case unreadable
}

/// Whether a node's parameters are trained.
public enum TrainableText: Hashable, Sendable {
  case value(Bool)
  /// `$name` inside a block, without the sign.
  case argument(String)
}

/// A node of the graph or of a block, with its operator's attributes as they stand.
public struct NodeDeclaration: Sendable {
  /// The name as written, also where it breaks the rule for names; empty where there is none.
  public var name: Located<String>
  /// Nil where it could not be read.
  public var op: Located<OperatorReference>?
  public var inputs: NodeInputs
  /// Where the value of `inputs` begins; nil where the file says nothing.
  public var inputsPlace: TextPlace?
  /// All keys that do not belong to every node, `repeat`, `recompute` and a block's arguments too; without `x-` keys.
  public var attributes: [JSONMember]
  public var share: Located<String>?
  public var trainable: Located<TrainableText>?
  public var description: Located<String>?
  /// Where the node's object begins.
  public var place: TextPlace?
  /// How messages name it: `nodes[0] "hidden"`, in a block `blocks.residual.nodes[0] "first"`.
  public var path: String
  /// Whether an earlier node or input has the same name.
  public var isDuplicate: Bool

  /// The attribute of that name, as it stands.
  public subscript(attribute: String) -> JSONValue? { attributes.first { $0.key == attribute }?.value }
}

/// An argument of a block.
public struct ArgumentDeclaration: Sendable {
  public var name: Located<String>
  /// Nil where every use must give one.
  public var standard: JSONValue?
}

/// A sub-graph with a name.
public struct BlockDeclaration: Sendable {
  public var name: Located<String>
  public var inputs: [Located<String>]
  public var arguments: [ArgumentDeclaration]
  public var nodes: [NodeDeclaration]
  public var outputs: [Located<ValueReference>]
  /// Whether an input or node has no name that could be read: an unknown reference may be meant for it.
  public var isMissingNames: Bool

  /// How messages name it: `blocks.residual`.
  public var path: String { "blocks.\(name.value.excerpt(60))" }
}

/// Where the trained values are.
public enum ParameterSource: Sendable {
  /// A file in the graph's own folder, and the SHA-256 that its bytes must have, in small letters.
  case file(name: Located<String>, sha256: Located<String>?)
  /// Parameter name to number or nested arrays.
  case values([JSONMember])
}
