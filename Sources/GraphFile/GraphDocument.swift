import Diagnostics
import JSONText

/// What a graph file says, with the structure of FORMAT checked and every part at its place in the text.
///
/// Nothing here knows an operator. A document that was read without a fault is sound in every part; with
/// faults, parts that could not be read are nil or marked, so that a later stage can report its own
/// findings beside them and none that only follow.
public struct GraphDocument: Sendable {
  /// The file as the user named it.
  public let file: String
  /// The folder that the graph's own files stand in.
  public let folder: String
  /// The whole file as a tree, overrides included.
  public let root: JSONValue
  /// The text that the tree was read from.
  let source: JSONDocument
  let limits: GraphLimits

  public internal(set) var format = Located("", at: nil)
  public internal(set) var name = Located("", at: nil)
  public internal(set) var description: Located<String>?
  public internal(set) var inputs: [InputDeclaration] = []
  public internal(set) var nodes: [NodeDeclaration] = []
  public internal(set) var outputs: [OutputDeclaration] = []
  public internal(set) var blocks: [BlockDeclaration] = []
  public internal(set) var parameters: Located<ParameterSource>?
  /// The training object as it stands; the compiler reads it.
  public internal(set) var training: JSONValue?
  public internal(set) var plugins: [Located<PluginRequirement>] = []
  public internal(set) var metadata: JSONValue?
  /// Whether an input or node has no name that could be read: an unknown reference may be meant for it.
  public internal(set) var isMissingNames = false

  init(file: String, folder: String, root: JSONValue, source: JSONDocument, limits: GraphLimits) {
    self.file = file
    self.folder = folder
    self.root = root
    self.source = source
    self.limits = limits
  }
}
