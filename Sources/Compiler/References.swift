import Diagnostics
import GraphFile

/// Where a value comes from.
enum ValueSource {
  case input(Int)
  case node(Int, port: String?, ReferenceOrigin)
  /// A port that takes no value.
  case absent(ReferenceOrigin)
  /// Something faulty that was reported.
  case faulty
}

/// The reference of the file that names a value in the end: another than the one that was followed where the
/// way leads through blocks.
enum ReferenceOrigin {
  /// The reference that was followed.
  case own
  case use(Int, port: Int)
  case blockOutput(block: Int, output: Int)
}

/// Finds what the references of a document mean, through blocks and their copies.
struct References {
  private(set) var scopes: [Scope]
  private var uses: [BlockUse]
  private let document: GraphDocument
  /// Whether nodes are missing because there were too many.
  private let isCut: Bool
  /// By block and output: whether it names nothing, which was reported.
  private var faultyOutputs: [Int: Set<Int>] = [:]

  init(_ expansion: BlockExpansion, _ faults: inout FaultList) {
    scopes = expansion.scopes
    uses = expansion.uses
    document = expansion.document
    isCut = expansion.isCut
    checkBlockOutputs(&faults)
    checkUses(&faults)
  }

  /// Reports the outputs of blocks that name nothing.
  private mutating func checkBlockOutputs(_ faults: inout FaultList) {
    for (index, block) in document.blocks.enumerated() {
      var names = Set(block.inputs.map(\.value))
      for node in block.nodes { names.insert(node.name.value) }
      for (port, output) in block.outputs.enumerated() where !names.contains(output.value.name) {
        faultyOutputs[index, default: []].insert(port)
        if block.isMissingNames { continue }
        faults.append(
          at: output.place, "\(block.path), outputs[\(port)]",
          unknown(output.value, block: index, outside: true),
          nearest: faults.nearest(to: output.value.name, among: names))
      }
    }
  }

  /// Reports the inputs of uses that name nothing, also where no node of the block reads them.
  private mutating func checkUses(_ faults: inout FaultList) {
    for index in uses.indices {
      for port in uses[index].inputs.indices {
        if faults.isFull { return }
        let input = uses[index].inputs[port]
        let source = source(
          input.value, scope: uses[index].scope, .use(index, port: port), uses[index].ownName, at: nil, "",
          &faults)
        if case .faulty = source { uses[index].inputs[port].value = .unreadable }
      }
    }
  }

  /// The value that a reference names in a scope; `.faulty`, with a fault, where it names none.
  ///
  /// `reader` is the node that refers to it, which cannot be the one that is meant.
  mutating func source(
    _ reference: Located<InputReference>, scope: Int, reader: String? = nil,
    _ place: @autoclosure () -> String, _ faults: inout FaultList
  ) -> ValueSource {
    source(reference.value, scope: scope, .own, reader, at: reference.place, place(), &faults)
  }

  private mutating func source(
    _ first: InputReference, scope firstScope: Int, _ firstOrigin: ReferenceOrigin, _ reader: String?,
    at text: TextPlace?, _ place: @autoclosure () -> String, _ faults: inout FaultList
  ) -> ValueSource {
    var (reference, scope, origin) = (first, firstScope, firstOrigin)
    // Names that were passed on the way, so that long chains of copies are walked once.
    var passed: [(scope: Int, name: String, use: Int?)] = []
    var found: ValueSource?
    while found == nil {
      guard case .value(let name) = reference else {
        if case .absent = reference { found = .absent(origin) } else { found = .faulty }
        break
      }
      let entry = scopes[scope].names[name.name]
      if name.port != nil, let what = entry?.portless {
        report(
          origin, text, place(), "\(what) \"\(name.name)\" has no port \"\(name.port ?? "")\"", nil, &faults)
        found = .faulty
        break
      }
      switch entry {
      case nil:
        found = .faulty
        let block = scopes[scope].block
        if block.map({ document.blocks[$0].isMissingNames }) ?? (document.isMissingNames || isCut) { break }
        let near = faults.nearest(to: name.name, among: scopes[scope].names.keys, but: reader)
        let isOutside = scopes[0].names[name.name] != nil
        report(origin, text, place(), unknown(name, block: block, outside: isOutside), near, &faults)
      case .faulty: found = .faulty
      case .input(let index): found = .input(index)
      case .node(let index): found = .node(index, port: name.port, origin)
      case .source(let source): found = source
      case .use(let lastScope, let block):
        let outputs = document.blocks[block].outputs
        let port = name.port.map { Int($0) ?? -1 } ?? 0
        guard outputs.indices.contains(port) else {
          let list = outputs.indices.map { "\(name.name).\($0)" }.joined(separator: ", ")
          let message =
            "\"\(name)\" is no output of \"\(name.name)\"; "
            + (outputs.isEmpty ? "it has none" : "accepted: \(list)")
          report(origin, text, place(), message, nil, &faults)
          found = .faulty
          break
        }
        follow(block, port, in: lastScope, &reference, &scope, &origin)
      case .outer(let use, let port):
        passed.append((scope, name.name, use))
        scopes[scope].names[name.name] = .open
        origin = .use(use, port: port)
        reference = uses[use].inputs[port].value
        scope = uses[use].scope
      case .previous(let before, let block, let output):
        passed.append((scope, name.name, nil))
        scopes[scope].names[name.name] = .open
        follow(block, output, in: before, &reference, &scope, &origin)
      case .open:
        let start = passed.firstIndex { $0.scope == scope && $0.name == name.name } ?? 0
        let cycle = passed[start...].compactMap(\.use).sorted()
        let first = cycle.first.map { ReferenceOrigin.use($0, port: 0) } ?? origin
        report(first, text, place(), cycleMessage(cycle.map { uses[$0].name }), nil, &faults)
        found = .faulty
      }
    }
    let result = found ?? .faulty
    for step in passed { scopes[step.scope].names[step.name] = .source(result) }
    return result
  }

  private func follow(
    _ block: Int, _ output: Int, in last: Int, _ reference: inout InputReference, _ scope: inout Int,
    _ origin: inout ReferenceOrigin
  ) {
    let isFaulty = faultyOutputs[block]?.contains(output) ?? false
    reference = isFaulty ? .unreadable : .value(document.blocks[block].outputs[output].value)
    scope = last
    origin = .blockOutput(block: block, output: output)
  }

  private func unknown(_ name: ValueReference, block: Int?, outside: Bool) -> String {
    guard let block else { return "no input or node \"\(name.name)\" in the graph" }
    let isOutside = outside && scopes[0].names[name.name] != nil
    return "no input or node \"\(name.name)\" in block \"\(document.blocks[block].name.value)\""
      + (isOutside ? ", which sees its inputs and its own nodes alone" : "")
  }

  private func report(
    _ origin: ReferenceOrigin, _ text: TextPlace?, _ place: @autoclosure () -> String, _ message: String,
    _ nearest: String?, _ faults: inout FaultList
  ) {
    let own = self.text(of: origin) ?? (text, place())
    faults.append(at: own.0, own.1, message, nearest: nearest)
  }

  /// Where a reference stands and how messages name it; nil for the one that was followed.
  func text(of origin: ReferenceOrigin) -> (TextPlace?, String)? {
    switch origin {
    case .own: nil
    case .use(let use, let port): (uses[use].inputs[port].place, uses[use].inputPlace(port))
    case .blockOutput(let block, let output):
      (document.blocks[block].outputs[output].place, "\(document.blocks[block].path), outputs[\(output)]")
    }
  }
}

/// Says that nodes need each other's values.
func cycleMessage(_ names: [String]) -> String {
  let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
  return names.count == 1
    ? "a cycle: \(list) needs its own value to be computed first"
    : "a cycle: each of \(list) needs the value of another to be computed first"
}

extension ScopeEntry {
  /// What the entry is, in the words of a message, where it cannot have a port.
  fileprivate var portless: String? {
    switch self {
    case .input: "input"
    case .outer, .previous, .source, .open: "block input"
    case .node, .use, .faulty: nil
    }
  }
}

extension NodeOrder {
  /// The cycles among nodes that could not be ordered: the nodes of each, in the order of the file.
  ///
  /// Tarjan, Depth-First Search and Linear Graph Algorithms, 1972, with a stack of its own in place of recursion.
  static func cycles(sources: [[Int]], among nodes: [Int]) -> [[Int]] {
    var number = [Int](repeating: -1, count: sources.count)
    var low = number
    var isOpen = [Bool](repeating: false, count: sources.count)
    var open: [Int] = []
    var counter = 0
    var cycles: [[Int]] = []
    let members = Set(nodes)
    for root in nodes where number[root] < 0 {
      var frames = [(node: root, next: 0)]
      while let frame = frames.last {
        let node = frame.node
        if frame.next == 0 {
          number[node] = counter
          low[node] = counter
          counter += 1
          open.append(node)
          isOpen[node] = true
        }
        if frame.next < sources[node].count {
          frames[frames.count - 1].next += 1
          let source = sources[node][frame.next]
          guard members.contains(source) else { continue }
          if number[source] < 0 {
            frames.append((source, 0))
          } else if isOpen[source] {
            low[node] = min(low[node], number[source])
          }
          continue
        }
        frames.removeLast()
        if let parent = frames.last?.node { low[parent] = min(low[parent], low[node]) }
        guard low[node] == number[node] else { continue }
        var component: [Int] = []
        while let last = open.popLast() {
          isOpen[last] = false
          component.append(last)
          if last == node { break }
        }
        if component.count > 1 || sources[node].contains(node) { cycles.append(component.sorted()) }
      }
    }
    return cycles
  }
}
