import Compiler
import JSONText
import LayerKit
import Tensors

/// The numbers in the parameters and states of a network, at a glance.
public struct WeightSummary: Sendable {
  /// One parameter or state.
  public struct Row: Sendable {
    /// Its full name.
    public var name: String
    /// Its sizes.
    public var shape: [Int]
    /// `trainable`, `frozen` or `state`.
    public var role: String
    /// What its numbers are like.
    public var statistics: Statistics
  }

  /// Where the values come from: a file's name, `the graph file`, or the seed.
  public var source: String
  /// The parameters and states in the order of the nodes.
  public var rows: [Row]

  /// Summarizes tensors by name, such as those of a `ParameterStore`; what is not the network's is left out.
  public init(_ network: Network, tensors: [(String, Tensor)], source: String) {
    self.source = source
    let byName = Dictionary(tensors, uniquingKeysWith: { first, _ in first })
    rows = network.parameters.compactMap { parameter in
      guard let tensor = byName[parameter.name] else { return nil }
      return Row(
        name: parameter.name, shape: tensor.shape,
        role: parameter.isState ? "state" : parameter.isTrainable ? "trainable" : "frozen",
        statistics: Statistics(tensor))
    }
  }

  /// Summarizes the tensors of a file.
  public init(_ network: Network, file: TensorFile, source: String) {
    self.init(network, tensors: file.entries.map { ($0.name, $0.tensor) }, source: source)
  }

  /// The rows as JSON.
  public var json: JSONValue {
    .array(
      rows.map { row in
        let own = row.statistics
        let optional = { (number: Double?) in number.map(JSONValue.double) ?? .null }
        return .object([
          ("name", .string(row.name)), ("shape", .array(row.shape.map(JSONValue.integer))),
          ("role", .string(row.role)), ("count", .integer(own.count)),
          ("minimum", optional(own.minimum)), ("maximum", optional(own.maximum)),
          ("mean", optional(own.mean)), ("deviation", optional(own.deviation)),
          ("zeros", .integer(own.zeros)), ("not_finite", .integer(own.notFinite)),
          ("histogram", .array(own.histogram.map(JSONValue.integer))),
        ])
      })
  }

  /// A line a parameter, with a small histogram from its minimum to its maximum.
  public func text(width: Int? = nil) -> String {
    guard !rows.isEmpty else { return "no parameters\n" }
    var table = TextTable([
      .init("parameter", flexible: true), .init("shape"), .init("minimum", .right),
      .init("maximum", .right), .init("mean", .right), .init("deviation", .right), .init("zeros", .right),
      .init("not finite", .right), .init("histogram"),
    ])
    for row in rows {
      let own = row.statistics
      let number = { (value: Double?) in value.map { $0.significant() } ?? "-" }
      table.rows.append([
        row.name, shapeText(row.shape), number(own.minimum), number(own.maximum), number(own.mean),
        number(own.deviation), own.zeros.grouped, own.notFinite.grouped, "|\(own.bars)|",
      ])
    }
    return "parameters from \(source.printable)\n" + table.text(width: width)
  }
}
