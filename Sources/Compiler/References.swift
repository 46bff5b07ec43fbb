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
          unknown(output.value, block: index),
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
        let step = Step(reference: input.value, scope: uses[index].scope, origin: .use(index, port: port))
        let source = source(step, uses[index].ownName, at: nil, "", &faults)
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
    let step = Step(reference: reference.value, scope: scope, origin: .own)
    return source(step, reader, at: reference.place, place(), &faults)
  }

  /// A reference on the way to its value: where it stands, and the scope that its name is looked up in.
  private struct Step {
    var reference: InputReference
    var scope: Int
    var origin: ReferenceOrigin
  }

  /// An input of a block that was passed on the way.
  private struct Passed {
    var scope: Int
    var name: String
    var use: Int?
  }

  /// Its length is that of the list of things that a name can stand for.
  private mutating func source(
    _ first: Step, _ reader: String?, at text: TextPlace?, _ place: @autoclosure () -> String,
    _ faults: inout FaultList
  ) -> ValueSource {
    var step = first
    // Names that were passed on the way, so that long chains of copies are walked once.
    var passed: [Passed] = []
    var found: ValueSource?
    while found == nil {
      guard case .value(let name) = step.reference else {
        if case .absent = step.reference { found = .absent(step.origin) } else { found = .faulty }
        break
      }
      var fault: Fault?
      var origin = step.origin
      switch scopes[step.scope].names[name.name] {
      case let entry? where name.port != nil && entry.portless != nil:
        fault = Fault(.input, "\(entry.portless ?? "") \"\(name.name)\" has no port \"\(name.port ?? "")\"")
      case nil:
        found = .faulty
        fault = unknown(name, step.scope, reader, &faults)
      case .faulty: found = .faulty
      case .input(let index): found = .input(index)
      case .node(let index): found = .node(index, port: name.port, step.origin)
      case .source(let source): found = source
      case .use(let lastScope, let block):
        let port = name.port.map { Int($0) ?? -1 } ?? 0
        if document.blocks[block].outputs.indices.contains(port) {
          step = output(port, of: block, in: lastScope)
        } else {
          fault = noOutput(name, of: block)
        }
      case .outer(let use, let port):
        passed.append(Passed(scope: step.scope, name: name.name, use: use))
        scopes[step.scope].names[name.name] = .open
        step = Step(
          reference: uses[use].inputs[port].value, scope: uses[use].scope, origin: .use(use, port: port))
      case .previous(let before, let block, let port):
        passed.append(Passed(scope: step.scope, name: name.name, use: nil))
        scopes[step.scope].names[name.name] = .open
        step = output(port, of: block, in: before)
      case .open:
        let start = passed.firstIndex { $0.scope == step.scope && $0.name == name.name } ?? 0
        let cycle = passed[start...].compactMap(\.use).sorted()
        if let first = cycle.first { origin = .use(first, port: 0) }
        fault = Fault(.input, cycleMessage(cycle.map { uses[$0].name }))
      }
      guard var fault else { continue }
      (fault.text, fault.place) = self.text(of: origin) ?? (text, place())
      faults.append(fault)
      found = .faulty
    }
    let result = found ?? .faulty
    for step in passed { scopes[step.scope].names[step.name] = .source(result) }
    return result
  }

  /// What an output of a block refers to, in the scope of a copy.
  private func output(_ port: Int, of block: Int, in scope: Int) -> Step {
    let isFaulty = faultyOutputs[block]?.contains(port) ?? false
    return Step(
      reference: isFaulty ? .unreadable : .value(document.blocks[block].outputs[port].value), scope: scope,
      origin: .blockOutput(block: block, output: port))
  }

  /// The fault of a name that a scope does not have; nil where what has the name may be faulty.
  private func unknown(
    _ name: ValueReference, _ scope: Int, _ reader: String?, _ faults: inout FaultList
  ) -> Fault? {
    let block = scopes[scope].block
    if block.map({ document.blocks[$0].isMissingNames }) ?? (document.isMissingNames || isCut) { return nil }
    let near = faults.nearest(to: name.name, among: scopes[scope].names.keys, but: reader)
    return Fault(.input, unknown(name, block: block), nearest: near)
  }

  private func unknown(_ name: ValueReference, block: Int?) -> String {
    guard let block else { return "no input or node \"\(name.name)\" in the graph" }
    let isOutside = scopes[0].names[name.name] != nil
    return "no input or node \"\(name.name)\" in block \"\(document.blocks[block].name.value)\""
      + (isOutside ? ", which sees its inputs and its own nodes alone" : "")
  }

  private func noOutput(_ name: ValueReference, of block: Int) -> Fault {
    let known = document.blocks[block].outputs.indices.map { "\(name.name).\($0)" }
    return Fault(
      .input,
      "\"\(name)\" is no output of \"\(name.name)\"; "
        + (known.isEmpty ? "it has none" : "accepted: " + known.joined(separator: ", ")))
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
  /// Tarjan, Depth-First Search and Linear Graph Algorithms, 1972, with a stack of its own in place of
  /// recursion.
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
