import Diagnostics
import GraphFile
import JSONText
import LayerKit

extension GraphDocument {
  /// The graph with the size of the axis at `value`; stored parameters, which would not fit, are left out.
  ///
  /// For `rows` nothing of the file changes. `depth` sets every `repeat` of the graph's own nodes. `width`
  /// multiplies what the file writes under `units` and `filters`, also where an argument of a block carries it
  /// there, except in the nodes that give the last size before an output or a loss, whose sizes are not the
  /// network's to choose. Throws a fault where nothing would change, and those of the changed document.
  public func swept(_ axis: BenchmarkSweep.Axis, to value: Int) throws(Faults) -> GraphDocument {
    var edits: [GraphEdit]
    switch axis {
    case .rows: return self
    case .depth:
      edits = nodes.filter { $0["repeat"]?.integer != nil }.map {
        GraphEdit(["nodes", $0.name.value, "repeat"], .integer(value))
      }
      if edits.isEmpty {
        throw Faults(
          Fault(
            .usage, file: file, place: "nodes",
            "no node uses a block with \"repeat\": a number, which is what grows with the depth"))
      }
    case .width:
      var widths = HiddenWidths(self)
      edits = widths.edits(factor: value)
      if edits.isEmpty {
        throw Faults(
          Fault(
            .usage, file: file, place: "nodes",
            "no hidden node has a number under \(HiddenWidths.keys.map { "\"\($0)\"" }.joined(separator: " or "))"
              + ", which is what grows with the width"))
      }
    }
    if root["parameters"] != nil { edits.append(GraphEdit(["parameters"], nil)) }
    return try replacing(edits)
  }
}

/// The places of a graph where numbers stand that are widths of hidden values.
private struct HiddenWidths {
  /// The attributes by which operators are given the size of their result.
  static let keys = ["units", "filters"]

  let document: GraphDocument
  private let nodes: [String: NodeDeclaration]
  private let blocks: [String: BlockDeclaration]
  /// By block: its arguments that become widths.
  private var arguments: [String: Set<String>] = [:]

  init(_ document: GraphDocument) {
    self.document = document
    nodes = Dictionary(document.nodes.map { ($0.name.value, $0) }) { first, _ in first }
    blocks = Dictionary(document.blocks.map { ($0.name.value, $0) }) { first, _ in first }
  }

  /// The changes that multiply all of them.
  mutating func edits(factor: Int) -> [GraphEdit] {
    let (keptNodes, keptBlocks) = kept()
    var edits: [GraphEdit] = []
    func multiply(_ found: JSONValue?, _ path: [String]) {
      guard let number = found?.integer else { return }
      edits.append(GraphEdit(path, .integer(saturatingProduct(number, factor))))
    }
    for node in document.nodes where !keptNodes.contains(node.name.value) {
      for key in widthKeys(of: node) { multiply(node[key], ["nodes", node.name.value, key]) }
    }
    for block in document.blocks where !keptBlocks.contains(block.name.value) {
      let path = ["blocks", block.name.value]
      for node in block.nodes {
        for key in widthKeys(of: node) { multiply(node[key], path + ["nodes", node.name.value, key]) }
      }
      let widths = widthArguments(of: block)
      for argument in block.arguments where widths.contains(argument.name.value) {
        multiply(argument.standard, path + ["arguments", argument.name.value])
      }
    }
    return edits
  }

  /// The attributes of a node that are widths, in order.
  private mutating func widthKeys(of node: NodeDeclaration) -> [String] {
    guard let op = node.op?.value.name, let block = blocks[op] else { return Self.keys }
    return widthArguments(of: block).sorted()
  }

  /// The arguments of a block that stand where a width does. No block reaches itself in a sound graph; one that
  /// did would find no arguments the second time.
  private mutating func widthArguments(of block: BlockDeclaration) -> Set<String> {
    if let known = arguments[block.name.value] { return known }
    arguments[block.name.value] = []
    var found: Set<String> = []
    for node in block.nodes {
      for key in widthKeys(of: node) {
        if let text = node[key]?.string, text.first == "$" { found.insert(String(text.dropFirst())) }
      }
    }
    arguments[block.name.value] = found
    return found
  }

  /// The nodes that give the last width before an output, or before a value that nothing reads, such as a loss;
  /// and the blocks within them.
  private mutating func kept() -> (nodes: Set<String>, blocks: Set<String>) {
    var sources: [String: [String]] = [:]
    var read: Set<String> = []
    for node in document.nodes {
      let names = node.sourceNames
      sources[node.name.value] = names
      read.formUnion(names)
    }
    var open = document.outputs.map(\.reference.value.name)
    open += document.nodes.map(\.name.value).filter { !read.contains($0) }
    var seen: Set<String> = []
    var nodes: Set<String> = []
    var blocks: Set<String> = []
    while let name = open.popLast() {
      guard seen.insert(name).inserted, let node = self.nodes[name] else { continue }
      let inside = node.op.map { blocksWithin($0.value.name) } ?? []
      if !inside.isEmpty || widthKeys(of: node).contains(where: { node[$0] != nil }) {
        nodes.insert(name)
        blocks.formUnion(inside)
      } else {
        open += sources[name] ?? []
      }
    }
    return (nodes, blocks)
  }

  /// The block of that name and those within it.
  private func blocksWithin(_ name: String) -> Set<String> {
    var found: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      guard let block = blocks[next], found.insert(next).inserted else { continue }
      open += block.nodes.compactMap { $0.op?.value.name }
    }
    return found
  }
}

extension NodeDeclaration {
  /// The nodes and inputs that it reads.
  fileprivate var sourceNames: [String] {
    let references: [InputReference]
    switch inputs {
    case .absent, .unreadable: references = []
    case .list(let list): references = list.map(\.value)
    case .named(let ports): references = ports.map(\.reference.value)
    }
    return references.compactMap { if case .value(let reference) = $0 { reference.name } else { nil } }
  }
}
