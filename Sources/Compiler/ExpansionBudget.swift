import Diagnostics
import GraphFile
import JSONText
import LayerKit

/// What the uses of blocks may expand to: counted before anything is made, so that no number in a file and no
/// nesting of blocks asks for memory.
struct ExpansionBudget {
  /// How many written values - names, inputs, attributes - the copies may repeat, for each node of the limit.
  private static let valuesPerNode = 50

  let limits: GraphLimits
  let document: GraphDocument
  let structure: BlockStructure
  private var nodes: Int
  private var copies: Int
  private var values: Int

  /// `share` is that of the limit which may be taken.
  init(_ document: GraphDocument, _ structure: BlockStructure, _ limits: GraphLimits, share: Double = 1) {
    self.document = document
    self.structure = structure
    self.limits = limits
    nodes = Int(Double(limits.nodes) * share)
    copies = nodes
    values = saturatingProduct(nodes, Self.valuesPerNode)
  }

  /// An argument of a use, and how many written values it holds.
  private struct Argument {
    var value: JSONValue
    var weight: Int
  }

  /// Takes off one node of the graph; false where it is one too many.
  mutating func takeNode() -> Bool {
    nodes -= 1
    return nodes >= 0
  }

  /// Takes off what a use of a block expands to; returns a fault, and takes nothing, where that is too much.
  mutating func take(_ use: NodeDeclaration, _ arguments: BlockArguments) -> Fault? {
    let before = self
    var excess: Excess?
    if take(use, arguments.mapValues { Argument(value: $0, weight: weight($0, [:])) }, 0, times: 1, &excess) {
      return nil
    }
    self = before
    return fault(excess, use)
  }

  /// A `repeat` that makes too many nodes by itself, together with those around it.
  private struct Excess {
    var use: NodeDeclaration
    var written: JSONValue
    var count: Int
  }

  /// False where it is too much. Its depth is that of the blocks, which was checked.
  private mutating func take(
    _ use: NodeDeclaration, _ arguments: [String: Argument], _ prefix: Int, times: Int,
    _ excess: inout Excess?
  ) -> Bool {
    guard let index = structure.block(of: use) else { return true }
    let block = document.blocks[index]
    let written = use["repeat"].map { value($0, arguments) }
    let all = saturatingProduct(times, max(1, written?.integer ?? 1))
    copies = saturatingSum(copies, -all)
    let count = saturatingProduct(all, max(1, block.nodes.count))
    if count > limits.nodes, let written { excess = Excess(use: use, written: written, count: count) }
    if copies < 0 || count > limits.nodes { return false }
    var inner: [String: Argument] = [:]
    for argument in block.arguments {
      guard let given = use[argument.name.value] ?? argument.standard else { continue }
      inner[argument.name.value] = Argument(value: value(given, arguments), weight: weight(given, arguments))
    }
    let length = prefix + use.name.value.utf8.count + 1
    for node in block.nodes {
      values = saturatingSum(values, -saturatingProduct(all, cost(node, inner, length)))
      if structure.block(of: node) == nil { nodes = saturatingSum(nodes, -all) }
      if nodes < 0 || values < 0 || !take(node, inner, length, times: all, &excess) { return false }
    }
    return true
  }

  private func fault(_ excess: Excess?, _ use: NodeDeclaration) -> Fault {
    let limit = "the limit of \(limits.nodes)"
    guard let excess else {
      let found = use["repeat"].map { "found \($0.excerpt); " } ?? ""
      return Fault(
        .limit, text: use["repeat"]?.textPlace ?? use.op?.place ?? use.place,
        place: "\(use.path), \(use["repeat"] == nil ? "op" : "repeat")",
        "\(found)the graph would expand to more nodes, or more values in them, than \(limit) nodes allows")
    }
    let found = excess.written.excerpt
    return Fault(
      .limit, text: excess.written.textPlace ?? excess.use["repeat"]?.textPlace ?? excess.use.place,
      place: "\(excess.use.path), repeat",
      "found \(found); the graph would expand to \(excess.count) nodes or more, over \(limit)")
  }

  private func value(_ json: JSONValue, _ arguments: [String: Argument]) -> JSONValue {
    guard let text = json.string, text.hasPrefix("$") else { return json }
    return arguments[String(text.dropFirst())]?.value ?? json
  }

  /// The written values of one node, long names among them.
  private func cost(_ node: NodeDeclaration, _ arguments: [String: Argument], _ prefix: Int) -> Int {
    var count = 1 + (prefix + node.name.value.utf8.count) / 16
    switch node.inputs {
    case .absent, .unreadable: break
    case .list(let items): count += items.count
    case .named(let pairs): count += pairs.count
    }
    for member in node.attributes { count = saturatingSum(count, weight(member.value, arguments)) }
    return count
  }

  /// The written values in a value, an argument counted as what it stands for; its depth is that of the text.
  private func weight(_ json: JSONValue, _ arguments: [String: Argument]) -> Int {
    switch json.kind {
    case .string(let text):
      if text.hasPrefix("$"), let argument = arguments[String(text.dropFirst())] { return argument.weight }
      return 1 + text.utf8.count / 16
    case .array(let elements): return elements.reduce(1) { saturatingSum($0, weight($1, arguments)) }
    case .object(let members): return members.reduce(1) { saturatingSum($0, weight($1.value, arguments)) }
    default: return 1
    }
  }
}
