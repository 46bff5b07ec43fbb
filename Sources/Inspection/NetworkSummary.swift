import Compiler
import GraphFile
import LayerKit
import Tensors

/// What a network is, without running it: its interface, a row a node, and totals.
public struct NetworkSummary: Sendable {
  /// An input or an output.
  public struct Value: Sendable {
    /// Its public name.
    public var name: String
    /// Its element type and shape.
    public var type: ValueType
    /// What the file says of it.
    public var summary: String?
  }

  /// A node of the network, or the use of a block with all its copies.
  public struct Row: Sendable {
    /// The node's full name, or the name of the use.
    public var name: String
    /// The operator or block, as the file writes it.
    public var op: String
    /// How many copies of the block the use makes; nil for a node, and for a use without `repeat`.
    public var repeats: Int?
    /// How many nodes of the expanded network the row stands for.
    public var nodes: Int
    /// The values that it reads, in port order; nil for an optional one that is not connected.
    public var inputs: [String?]
    /// What it gives, the first output first.
    public var outputs: [Value]
    /// The numbers in the parameters that it owns, states not counted.
    public var parameters: Int
    /// The node whose parameters it uses.
    public var shared: String?
    /// Floating-point operations of a forward run; a multiply-add is two.
    public var operations: Int
    /// The bytes of all that it gives.
    public var activationBytes: Int

    /// The shape of the first output.
    public var shape: [Dimension] { outputs.first?.type.shape ?? [] }
  }

  /// Sums over the network. What is nil cannot be known: there is no training, or no plan can be made.
  public struct Totals: Hashable, Sendable {
    /// The numbers in all parameters; one that several nodes share counts once, states do not count.
    public var parameters = 0
    /// Those that training changes.
    public var trainable = 0
    /// Those that the file froze.
    public var frozen = 0
    /// The numbers in states, such as running means.
    public var states = 0
    /// The bytes of all parameters and states.
    public var parameterBytes = 0
    /// Floating-point operations of a run.
    public var operationsRun: Int?
    /// Floating-point operations of a training step.
    public var operationsTrain: Int?
    /// The most memory that the values of a run take at once.
    public var activationBytesRun: Int?
    /// The same for a training step, gradients included.
    public var activationBytesTrain: Int?
  }

  /// The file as the user named it.
  public var file: String
  /// The network's name.
  public var name: String
  /// The file's own description.
  public var description: String?
  /// The inputs in the order of the file.
  public var inputs: [Value]
  /// The outputs in the order of the file.
  public var outputs: [Value]
  /// The plugins that the file lists.
  public var plugins: [String]
  /// What counts for symbols without a size.
  public var assumed: AssumedSize
  /// The nodes in an order in which they can run.
  public var rows: [Row]
  /// Sums over all rows.
  public var totals: Totals
  /// Why a total is missing.
  public var notes: [String]

  /// Summarizes a network; `isExpanded` gives every node of every block a row of its own.
  public init(_ network: Network, plans: NetworkPlans, isExpanded: Bool = false) {
    let document = network.document
    file = document.file
    name = document.name.value
    description = document.description?.value
    inputs = network.inputs.map { Value(name: $0.name, type: $0.type, summary: $0.summary) }
    outputs = network.outputs.map { Value(name: $0.name, type: network.type($0.value)) }
    plugins = document.plugins.map(\.value.name)
    assumed = plans.assumed
    rows = SummaryRows(network, plans.assumed).rows(isExpanded: isExpanded)
    totals = Totals()
    for parameter in network.parameters {
      let count = parameter.count
      let bytes = saturatingProduct(count, parameter.declaration.element.byteCount)
      totals.parameterBytes = saturatingSum(totals.parameterBytes, bytes)
      if parameter.isState {
        totals.states = saturatingSum(totals.states, count)
        continue
      }
      totals.parameters = saturatingSum(totals.parameters, count)
      if parameter.isTrainable {
        totals.trainable = saturatingSum(totals.trainable, count)
      } else {
        totals.frozen = saturatingSum(totals.frozen, count)
      }
    }
    totals.operationsRun = plans.run?.forwardOperations
    totals.operationsTrain = plans.training?.operations
    totals.activationBytesRun = plans.run?.arenaByteCount
    totals.activationBytesTrain = plans.training?.arenaByteCount
    notes = plans.runFaults.map { "no plan of a run: \($0.placedMessage)" }
    notes += plans.trainingFaults.map { "no plan of a training step: \($0.placedMessage)" }
  }
}
