import Diagnostics
import GraphFile

/// Finds what the references of a document mean, through blocks and their copies.
struct References {
  var scopes: [[String: ScopeEntry]]
  let document: GraphDocument

  /// The value that a reference names in a scope, or a message with the nearest name.
  mutating func source(
    _ reference: InputReference, scope: Int
  ) throws(ReferenceFault) -> ValueSource {
    var reference = reference
    var scope = scope
    // Names that were passed on the way, so that long chains of copies are walked once.
    var passed: [(scope: Int, name: String)] = []
    var found: ValueSource?
    while found == nil {
      guard case .value(let name) = reference else {
        if case .absent = reference { found = .absent } else { found = .faulty }
        break
      }
      guard passed.count <= scopes.count else {
        throw ReferenceFault(message: "the value of \"\(name)\" is its own source", nearest: nil)
      }
      switch scopes[scope][name.name] {
      case nil:
        let names = scopes[scope].keys
        let isUnsure = scope == 0 ? document.isMissingNames : false
        if isUnsure { return .faulty }
        throw ReferenceFault(
          message: "no input or node \"\(name.name)\" here", nearest: nearest(to: name.name, among: names))
      case .faulty: found = .faulty
      case .input(let index):
        try refusePort(name, "input")
        found = .input(index)
      case .node(let index): found = .node(index, port: name.port)
      case .source(let source):
        try refusePort(name, "block input")
        found = source
      case .use(let lastScope, let block):
        let outputs = document.blocks[block].outputs
        guard let output = name.port.map({ Int($0) ?? -1 }) ?? 0 as Int?, outputs.indices.contains(output) else {
          throw ReferenceFault(
            message: "\"\(name.name)\" has the outputs 0 to \(outputs.count - 1), found \"\(name)\"", nearest: nil)
        }
        reference = .value(outputs[output].value)
        scope = lastScope
      case .outer(let next, let outside):
        try refusePort(name, "block input")
        passed.append((scope, name.name))
        reference = next
        scope = outside
      case .previous(let before, let block, let output):
        try refusePort(name, "block input")
        passed.append((scope, name.name))
        reference = .value(document.blocks[block].outputs[output].value)
        scope = before
      }
    }
    let result = found ?? .faulty
    for step in passed { scopes[step.scope][step.name] = .source(result) }
    return result
  }

  private func refusePort(_ name: ValueReference, _ what: String) throws(ReferenceFault) {
    guard let port = name.port else { return }
    throw ReferenceFault(message: "\(what) \"\(name.name)\" has no port \"\(port)\"", nearest: name.name)
  }
}

/// What is wrong with a reference.
struct ReferenceFault: Error {
  var message: String
  var nearest: String?
}

extension NodeOrder {
  /// The cycles among nodes that could not be ordered: the nodes of each, one behind the other.
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
