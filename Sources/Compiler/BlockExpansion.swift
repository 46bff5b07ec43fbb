import Diagnostics
import GraphFile
import JSONText
import LayerKit

/// A node after the blocks are expanded, still in the words of the file.
struct FlatNode {
  /// `body_3/first`.
  var name: String
  var declaration: NodeDeclaration
  /// The attributes with arguments in place of `$name`.
  var attributes: [JSONMember]
  /// The names that the node's references are looked up in.
  var scope: Int
  /// The node whose parameters it uses, by full name.
  var shared: String?
  /// Where the shared name stands in the file.
  var isFrozen: Bool
  /// `nodes[0] "hidden"`, or `blocks.residual.nodes[0] "body_3/first"`.
  var place: String
}

/// Where a value comes from.
enum ValueSource {
  case input(Int)
  case node(Int, port: String?)
  /// A port that takes no value.
  case absent
  /// Something faulty that was reported.
  case faulty
}

/// What a name stands for within one scope: the graph, or one copy of a block.
enum ScopeEntry {
  case input(Int)
  case node(Int)
  /// A use of a block: the scopes of its copies, and the block.
  case use(lastScope: Int, block: Int)
  /// An input of a block: what stands at it, looked up in the scope outside.
  case outer(InputReference, scope: Int)
  /// An input of a block that the copy before feeds.
  case previous(scope: Int, block: Int, output: Int)
  /// What a name was found to stand for.
  case source(ValueSource)
  /// Something faulty that was reported.
  case faulty
}

/// Replaces every use of a block by its nodes.
struct BlockExpansion {
  let document: GraphDocument
  let registry: Registry
  let limits: GraphLimits
  private(set) var nodes: [FlatNode] = []
  private(set) var scopes: [[String: ScopeEntry]] = []
  private(set) var faults: [Fault] = []
  private let blockIndex: [String: Int]
  private var isSound = true

  init(_ document: GraphDocument, _ registry: Registry, _ limits: GraphLimits) {
    self.document = document
    self.registry = registry
    self.limits = limits
    blockIndex = Dictionary(
      document.blocks.enumerated().map { ($1.name.value, $0) }, uniquingKeysWith: { a, _ in a })
  }

  /// Expands the whole document; false where blocks are so faulty that nothing was expanded.
  mutating func expand() -> Bool {
    checkBlocks()
    var budget = limits.nodes
    if isSound, !count(document.nodes, arguments: [:], depth: 0, times: 1, &budget) { isSound = false }
    guard isSound else { return false }
    var scope: [String: ScopeEntry] = [:]
    for (index, input) in document.inputs.enumerated() { scope[input.name.value] = .input(index) }
    scopes.append(scope)
    expand(document.nodes, scope: 0, prefix: "", arguments: [:], isFrozen: false, shared: nil)
    return true
  }

  // MARK: Checks before anything is expanded

  private mutating func checkBlocks() {
    for block in document.blocks where !registry.versions(.layer, block.name.value).isEmpty {
      report(block.name, block.path, "\"\(block.name.value)\" is the name of an operator")
    }
    // A depth-first walk with a list of what is open finds a block that reaches itself.
    var state = [Int](repeating: 0, count: document.blocks.count)
    var open: [String] = []
    for index in document.blocks.indices { visit(index, &state, &open) }
  }

  private mutating func visit(_ index: Int, _ state: inout [Int], _ open: inout [String]) {
    guard state[index] == 0 else { return }
    let block = document.blocks[index]
    state[index] = 1
    open.append(block.name.value)
    for node in block.nodes {
      guard let op = node.op, let next = blockIndex[op.value.name] else { continue }
      if state[next] == 1 {
        let start = open.firstIndex(of: op.value.name) ?? 0
        let path = (open[start...] + [op.value.name]).joined(separator: " -> ")
        report(op, "\(node.path), op", "block \"\(op.value.name)\" reaches itself: \(path)")
        isSound = false
      } else if open.count >= limits.blockDepth {
        reportDepth(op, node.path)
      } else {
        visit(next, &state, &open)
      }
    }
    open.removeLast()
    state[index] = 2
  }

  private mutating func reportDepth(_ op: Located<OperatorReference>, _ path: String) {
    isSound = false
    faults.append(
      Fault(
        .limit, text: op.place, place: "\(path), op",
        "blocks are nested deeper than the limit of \(limits.blockDepth)"))
  }

  /// Counts the nodes that `nodes` expand to against the budget, without making any.
  private mutating func count(
    _ nodes: [NodeDeclaration], arguments: [String: JSONValue], depth: Int, times: Int, _ budget: inout Int
  ) -> Bool {
    for node in nodes {
      var copies = times
      if let op = node.op, let index = blockIndex[op.value.name] {
        let block = document.blocks[index]
        guard depth < limits.blockDepth else {
          reportDepth(op, node.path)
          return false
        }
        let attributes = substituted(node.attributes, arguments)
        let written = attributes.first { $0.key == "repeat" }?.value.integer ?? 1
        copies = saturatingProduct(times, max(1, written))
        let values = values(of: block, attributes)
        guard copies <= limits.nodes else {
          reportCount(node, saturatingProduct(copies, max(1, block.nodes.count)))
          return false
        }
        budget -= 1
        guard count(block.nodes, arguments: values, depth: depth + 1, times: copies, &budget) else {
          return false
        }
      } else {
        budget = saturatingSum(budget, -times)
      }
      if budget < -limits.nodes || budget < 0 {
        reportCount(node, nil)
        return false
      }
    }
    return true
  }

  private mutating func reportCount(_ node: NodeDeclaration, _ count: Int?) {
    let found = count.map { "at least \($0) nodes" } ?? "more nodes"
    faults.append(
      Fault(
        .limit, text: node.place, place: node.path,
        "the graph expands to \(found) than the limit of \(limits.nodes) allows"))
  }

  private mutating func report(
    _ located: Located<some Sendable>, _ place: String, _ message: String, nearest: String? = nil
  ) {
    faults.append(Fault(text: located.place, place: place, message, nearest: nearest))
  }

  // MARK: Expansion

  private mutating func expand(
    _ declarations: [NodeDeclaration], scope: Int, prefix: String, arguments: [String: JSONValue],
    isFrozen: Bool, shared: String?
  ) {
    for declaration in declarations {
      let name = prefix + declaration.name.value
      let place = prefix.isEmpty ? declaration.path : declaration.path(as: name)
      let attributes =
        prefix.isEmpty
        ? declaration.attributes : substituted(declaration.attributes, arguments, place: place)
      let frozen = isFrozen || frozen(declaration, arguments, place)
      if let op = declaration.op, let index = blockIndex[op.value.name] {
        expandUse(
          declaration, among: declarations, block: index, attributes, scope: scope, prefix: prefix,
          name: name, place: place, isFrozen: frozen, shared: shared)
        continue
      }
      let own = declaration.share.map { prefix + $0.value }
      nodes.append(
        FlatNode(
          name: name, declaration: declaration, attributes: attributes, scope: scope,
          shared: shared.map { $0 + (declaration.share ?? declaration.name).value } ?? own, isFrozen: frozen, place: place))
      define(declaration, .node(nodes.count - 1), scope)
    }
  }

  private mutating func define(_ declaration: NodeDeclaration, _ entry: ScopeEntry, _ scope: Int) {
    if !declaration.isDuplicate { scopes[scope][declaration.name.value] = entry }
  }

  private mutating func expandUse(
    _ use: NodeDeclaration, among siblings: [NodeDeclaration], block index: Int, _ attributes: [JSONMember],
    scope: Int, prefix: String, name: String, place: String, isFrozen: Bool, shared: String?
  ) {
    let block = document.blocks[index]
    let before = faults.count
    if let op = use.op, op.value.version != 1 {
      report(op, "\(place), op", "block \"\(block.name.value)\" has no versions, found \"\(op.value)\"")
    }
    let copies = repeats(attributes, place)
    let values = checkedValues(of: block, attributes, use, place)
    let inputs = orderedInputs(use, block, place)
    let owner = owner(of: use, among: siblings, prefix: prefix, shared: shared, attributes, place)
    guard faults.count == before, let copies, let inputs else {
      define(use, .faulty, scope)
      return
    }
    let isRepeated = attributes.contains { $0.key == "repeat" }
    var lastScope = scope
    for copy in 0..<copies {
      var inner: [String: ScopeEntry] = [:]
      for (port, input) in block.inputs.enumerated() {
        inner[input.value] =
          copy > 0 && port < block.outputs.count
          ? .previous(scope: lastScope, block: index, output: port) : .outer(inputs[port], scope: scope)
      }
      scopes.append(inner)
      lastScope = scopes.count - 1
      let suffix = isRepeated ? "_\(copy)/" : "/"
      expand(
        block.nodes, scope: lastScope, prefix: name + suffix, arguments: values, isFrozen: isFrozen,
        shared: owner.map { $0 + suffix })
    }
    define(use, .use(lastScope: lastScope, block: index), scope)
  }

  /// How many copies a use makes; nil, with a fault, where `repeat` is wrong.
  private mutating func repeats(_ attributes: [JSONMember], _ place: String) -> Int? {
    guard let member = attributes.first(where: { $0.key == "repeat" }) else { return 1 }
    if let copies = member.value.integer, copies >= 1 { return copies }
    faults.append(
      Fault(
        text: member.value.textPlace, place: "\(place), repeat",
        "expected an integer of at least 1, found \(member.value.excerpt)"))
    return nil
  }

  /// The full name of the use whose parameters this use takes, up to the inner names.
  private mutating func owner(
    of use: NodeDeclaration, among siblings: [NodeDeclaration], prefix: String, shared: String?,
    _ attributes: [JSONMember], _ place: String
  ) -> String? {
    if let shared { return shared + use.name.value }
    guard let share = use.share else { return nil }
    guard
      let other = siblings.first(where: {
        $0.name.value == share.value && $0.op?.value.name == use.op?.value.name
      }), other.name.value != use.name.value
    else {
      report(
        share, "\(place), share",
        "\"\(share.value)\" is no other use of block \"\(use.op?.value.name ?? "")\"",
        nearest: nearest(to: share.value, among: siblings.map(\.name.value)))
      return nil
    }
    if other.share != nil {
      report(share, "\(place), share", "\"\(share.value)\" shares in turn; name the owner of the parameters")
    }
    if let trainable = use.trainable {
      report(trainable, "\(place), trainable", "a use that shares has no parameters of its own")
    }
    let mine = attributes.first { $0.key == "repeat" }?.value.excerpt ?? "none"
    let theirs = other["repeat"]?.excerpt ?? "none"
    if mine != theirs {
      report(
        share, "\(place), share",
        "\"\(use.name.value)\" has repeat \(mine), but \"\(share.value)\" has repeat \(theirs)")
    }
    return prefix + share.value
  }

  /// What stands at each input of the block, in its order.
  private mutating func orderedInputs(
    _ use: NodeDeclaration, _ block: BlockDeclaration, _ place: String
  ) -> [InputReference]? {
    let names = block.inputs.map(\.value)
    switch use.inputs {
    case .unreadable: return names.map { _ in .unreadable }
    case .absent, .list:
      var list: [Located<InputReference>] = []
      if case .list(let found) = use.inputs { list = found }
      guard list.count == names.count else {
        faults.append(
          Fault(
            text: use.place, place: "\(place), inputs",
            "block \"\(block.name.value)\" takes \(names.count) inputs (\(names.joined(separator: ", "))), found "
              + "\(list.count)"))
        return nil
      }
      return list.map(\.value)
    case .named(let pairs):
      var ordered = [InputReference?](repeating: nil, count: names.count)
      for (port, reference) in pairs {
        if let index = names.firstIndex(of: port.value) {
          ordered[index] = reference.value
        } else {
          report(
            port, "\(place), inputs",
            "block \"\(block.name.value)\" has no input \"\(port.value.excerpt())\"; accepted: "
              + names.joined(separator: ", "), nearest: nearest(to: port.value, among: names))
        }
      }
      for (name, reference) in zip(names, ordered) where reference == nil {
        faults.append(Fault(text: use.place, place: "\(place), inputs", "missing input \"\(name)\""))
      }
      return ordered.map { $0 ?? .unreadable }
    }
  }

  // MARK: Arguments

  /// The values of a block's arguments, without a check.
  private func values(of block: BlockDeclaration, _ attributes: [JSONMember]) -> [String: JSONValue] {
    var values: [String: JSONValue] = [:]
    for argument in block.arguments {
      let given = attributes.first { $0.key == argument.name.value }?.value
      values[argument.name.value] = given ?? argument.standard
    }
    return values
  }

  private mutating func checkedValues(
    of block: BlockDeclaration, _ attributes: [JSONMember], _ use: NodeDeclaration, _ place: String
  ) -> [String: JSONValue] {
    let values = values(of: block, attributes)
    let names = block.arguments.map(\.name.value)
    for member in attributes where member.key != "repeat" && !names.contains(member.key) {
      let accepted = (names + ["repeat"]).joined(separator: ", ")
      faults.append(
        Fault(
          text: member.keyTextPlace, place: "\(place), \(member.key.excerpt())",
          "block \"\(block.name.value)\" has no argument \"\(member.key.excerpt())\"; accepted: \(accepted)",
          nearest: nearest(to: member.key, among: names + ["repeat"])))
    }
    for name in names where values[name] == nil {
      faults.append(
        Fault(
          text: use.place, place: "\(place), \(name)",
          "missing; block \"\(block.name.value)\" needs its argument \"\(name)\""))
    }
    return values
  }

  private mutating func frozen(
    _ declaration: NodeDeclaration, _ arguments: [String: JSONValue], _ place: String
  ) -> Bool {
    guard let trainable = declaration.trainable else { return false }
    switch trainable.value {
    case .value(let value): return !value
    case .argument(let name):
      if let value = arguments[name]?.boolean { return !value }
      let found = arguments[name]?.excerpt ?? "no argument \"\(name)\""
      report(trainable, "\(place), trainable", "expected true or false, found \(found)")
      return false
    }
  }

  private func substituted(
    _ members: [JSONMember], _ arguments: [String: JSONValue]
  ) -> [JSONMember] {
    var ignored: [Fault] = []
    return members.map { $0.substituting(arguments, place: "", &ignored) }
  }

  private mutating func substituted(
    _ members: [JSONMember], _ arguments: [String: JSONValue], place: String
  ) -> [JSONMember] {
    members.map { $0.substituting(arguments, place: "\(place), \($0.key.excerpt())", &faults) }
  }
}

extension JSONMember {
  fileprivate func substituting(
    _ arguments: [String: JSONValue], place: String, _ faults: inout [Fault]
  ) -> JSONMember {
    replacing(value: value.substituting(arguments, place: place, &faults))
  }
}

extension JSONValue {
  /// The value with arguments in place of texts `$name`, at any depth.
  fileprivate func substituting(
    _ arguments: [String: JSONValue], place: String, _ faults: inout [Fault]
  ) -> JSONValue {
    switch kind {
    case .string(let text) where text.hasPrefix("$"):
      let name = String(text.dropFirst())
      if let value = arguments[name] { return value }
      faults.append(
        Fault(
          text: textPlace, place: place, "the block has no argument \(excerpt)",
          nearest: nearest(to: name, among: arguments.keys).map { "$" + $0 }))
      return self
    case .array(let elements):
      return replacing(kind: .array(elements.map { $0.substituting(arguments, place: place, &faults) }))
    case .object(let members):
      return replacing(
        kind: .object(members.map { $0.substituting(arguments, place: place, &faults) }))
    default:
      return self
    }
  }
}

extension NodeDeclaration {
  /// The place with the node's full name: `blocks.residual.nodes[0] "body_3/first"`.
  fileprivate func path(as name: String) -> String {
    guard let quote = path.firstIndex(of: "\"") else { return "\(path) \"\(name)\"" }
    return path[..<quote] + "\"\(name)\""
  }
}
