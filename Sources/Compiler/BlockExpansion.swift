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
  var isFrozen: Bool
  /// The copy of a block whose inner values are computed again for backward; nil where all is kept.
  var segment: String?
  /// False in a block that is checked by itself because nothing expands it.
  var isUsed: Bool
  /// `nodes[0] "hidden"`, or `blocks.residual.nodes[0] "body_3/first"`.
  var place: String
}

/// A use of a block, for what is asked about its inputs.
struct BlockUse {
  var name: String
  /// The name as the file writes it.
  var ownName: String
  /// The scope that the use stands in.
  var scope: Int
  /// What stands at each input of the block.
  var inputs: [Located<InputReference>]
  /// How messages name each of them: `nodes[1] "body", inputs[0]`.
  var place: String
  var portNames: [String]?

  func inputPlace(_ port: Int) -> String {
    portNames.map { "\(place), inputs.\($0[port])" } ?? "\(place), inputs[\(port)]"
  }
}

/// The names that the nodes of the graph, or of one copy of a block, can refer to.
struct Scope {
  /// Nil for the graph itself.
  var block: Int?
  var names: [String: ScopeEntry] = [:]
}

/// What a name stands for within one scope.
enum ScopeEntry {
  case input(Int)
  case node(Int)
  /// A use of a block: the scope of its last copy, and the block.
  case use(lastScope: Int, block: Int)
  /// An input of a block: what stands at a use's input.
  case outer(use: Int, port: Int)
  /// An input of a block that the copy before feeds.
  case previous(scope: Int, block: Int, output: Int)
  /// What a name was found to stand for.
  case source(ValueSource)
  /// What it stands for is being looked up.
  case open
  /// Something faulty that was reported.
  case faulty
}

/// Replaces every use of a block by its nodes.
struct BlockExpansion {
  /// What blocks that nothing uses may expand to, as a share of what the graph may.
  private static let unusedShare = 0.05

  let document: GraphDocument
  let structure: BlockStructure
  let limits: GraphLimits
  private(set) var nodes: [FlatNode] = []
  private(set) var scopes: [Scope] = []
  private(set) var uses: [BlockUse] = []
  /// The uses that were not expanded because of a fault, by full name.
  private(set) var faultyUses: [String] = []
  /// Whether nodes are missing because there are too many of them, or too many faults.
  private(set) var isCut = false
  var faults = FaultList()
  private var budget: ExpansionBudget
  private var isExpanded: [Bool]
  /// Whether a use was refused because it goes too deep or makes too much.
  private var isOverLimit = false

  init(_ document: GraphDocument, _ registry: Registry, _ limits: GraphLimits) {
    self.document = document
    self.limits = limits
    structure = BlockStructure(document, registry)
    budget = ExpansionBudget(document, structure, limits)
    isExpanded = Array(repeating: false, count: document.blocks.count)
  }

  /// Where nodes stand: the graph, or one copy of a block.
  private struct Frame {
    var scope: Int
    var prefix = ""
    var arguments: BlockArguments = [:]
    var isFrozen = false
    /// The prefix of the nodes whose parameters those of this copy use.
    var shared: String?
    /// The outermost copy of a block that is computed again for backward.
    var segment: String?
    /// Levels of blocks above.
    var level = 0
    /// Whether what is expanded here was counted already.
    var isCounted = false
    var isUsed = true
  }

  /// Expands the graph; then the blocks that nothing expanded, each by itself, so that they are checked, too.
  mutating func expand() {
    reportBlocks()
    var scope = Scope()
    for (index, input) in document.inputs.enumerated() { scope.names[input.name.value] = .input(index) }
    scopes.append(scope)
    expand(document.nodes, Frame(scope: 0))
    budget = ExpansionBudget(document, structure, limits, share: Self.unusedShare)
    for (index, block) in document.blocks.enumerated() where !isExpanded[index] {
      isExpanded[index] = true
      var scope = Scope(block: index)
      for input in block.inputs { scope.names[input.value] = .faulty }
      scopes.append(scope)
      // No node's name holds a point, so that these meet no others.
      expand(
        block.nodes,
        Frame(
          scope: scopes.count - 1, prefix: "\(block.path)/", arguments: block.unknownValues, level: 1,
          isUsed: false))
    }
  }

  private mutating func reportBlocks() {
    for block in document.blocks where structure.index[block.name.value] == nil {
      faults.append(
        at: block.name.place, block.path,
        "\"\(block.name.value.excerpt())\" is the name of an operator; a block needs another")
    }
    for cycle in structure.cycles {
      let members = Set(cycle)
      let names = cycle.map { "\"\(document.blocks[$0].name.value)\"" }.joined(separator: ", ")
      let use = document.blocks[cycle[0]].nodes.first { node in
        structure.block(of: node).map { members.contains($0) } ?? false
      }
      faults.append(
        at: use?.op?.place, "\(use?.path ?? ""), op",
        cycle.count == 1
          ? "block \(names) reaches itself" : "blocks \(names) reach themselves through each other")
    }
  }

  // MARK: Nodes

  private mutating func expand(_ declarations: [NodeDeclaration], _ frame: Frame) {
    let isSharing = declarations.contains { $0.share != nil }
    let siblings =
      isSharing
      ? Dictionary(declarations.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first }) : [:]
    for declaration in declarations {
      guard !faults.isFull, !isCut else {
        isCut = true
        return
      }
      let name = frame.prefix + declaration.name.value
      let isInBlock = frame.level > 0
      let place = isInBlock && frame.isUsed ? declaration.path(as: name) : declaration.path
      let attributes =
        isInBlock ? substituted(declaration.attributes, frame.arguments, place) : declaration.attributes
      let isFrozen = frame.isFrozen || isFrozen(declaration, frame.arguments, place)
      var own = frame
      own.isFrozen = isFrozen
      if let block = structure.block(of: declaration) {
        expandUse(declaration, siblings, block, attributes, own, name: name, place: place)
        continue
      }
      if !frame.isCounted, !budget.takeNode() {
        if frame.isUsed {
          faults.append(
            .limit, at: declaration.place, place, "the graph has more nodes than the limit of \(limits.nodes)"
          )
        }
        isCut = true
        return
      }
      let shared =
        frame.shared.map { $0 + (declaration.share ?? declaration.name).value }
        ?? declaration.share.map { frame.prefix + $0.value }
      nodes.append(
        FlatNode(
          name: name, declaration: declaration, attributes: attributes, scope: frame.scope, shared: shared,
          isFrozen: isFrozen, segment: frame.segment, isUsed: frame.isUsed, place: place))
      define(declaration, .node(nodes.count - 1), frame.scope)
    }
  }

  private mutating func define(_ declaration: NodeDeclaration, _ entry: ScopeEntry, _ scope: Int) {
    if !declaration.isDuplicate { scopes[scope].names[declaration.name.value] = entry }
  }

  private mutating func substituted(
    _ members: [JSONMember], _ arguments: BlockArguments, _ place: String
  ) -> [JSONMember] {
    members.map { member in
      member.replacing(
        value: member.value.substituting(arguments, place: "\(place), \(member.key.excerpt())", &faults))
    }
  }

  private mutating func isFrozen(
    _ declaration: NodeDeclaration, _ arguments: BlockArguments, _ place: String
  ) -> Bool {
    guard let trainable = declaration.trainable else { return false }
    switch trainable.value {
    case .value(let value): return !value
    case .argument(let name):
      if let value = arguments[name]?.boolean { return !value }
      if arguments[name]?.isUnknown ?? false { return false }
      let known = arguments.keys.sorted().map { "$" + $0 }
      let found = arguments[name]?.excerpt ?? "\"$\(name)\", which is no argument of the block"
      faults.append(
        at: trainable.place, "\(place), trainable", "expected true or false, found \(found)",
        nearest: arguments[name] == nil ? nearest(to: "$" + name, among: known) : nil)
      return false
    }
  }

  // MARK: Uses

  private mutating func expandUse(
    _ use: NodeDeclaration, _ siblings: [String: NodeDeclaration], _ index: Int, _ attributes: [JSONMember],
    _ frame: Frame, name: String, place: String
  ) {
    let block = document.blocks[index]
    let before = faults.reported
    checkUse(use, block, attributes, place)
    let copies = repeats(attributes, place)
    let isRecomputed = isRecomputed(block, attributes, place)
    let inputs = orderedInputs(use, block, place)
    let owner = owner(
      of: use, siblings, prefix: frame.prefix, shared: frame.shared, attributes, place)
    guard fits(use, index, frame, place), faults.reported == before, let copies, let inputs else {
      define(use, .faulty, frame.scope)
      faultyUses.append(name)
      return
    }
    isExpanded[index] = true
    var portNames: [String]?
    if case .named = use.inputs { portNames = block.inputs.map(\.value) }
    uses.append(
      BlockUse(
        name: name, ownName: use.name.value, scope: frame.scope, inputs: inputs, place: place,
        portNames: portNames))
    let number = uses.count - 1
    let isRepeated = attributes.contains { $0.key == "repeat" }
    let values = block.values(given: attributes)
    var lastScope = frame.scope
    for copy in 0..<copies {
      var inner = Scope(block: index)
      for (port, input) in block.inputs.enumerated() {
        inner.names[input.value] =
          copy > 0 && port < block.outputs.count
          ? .previous(scope: lastScope, block: index, output: port) : .outer(use: number, port: port)
      }
      scopes.append(inner)
      lastScope = scopes.count - 1
      let suffix = isRepeated ? "_\(copy)/" : "/"
      expand(
        block.nodes,
        Frame(
          scope: lastScope, prefix: name + suffix, arguments: values, isFrozen: frame.isFrozen,
          shared: owner.map { $0 + suffix },
          segment: frame.segment ?? (isRecomputed ? name + suffix.dropLast() : nil), level: frame.level + 1,
          isCounted: true, isUsed: frame.isUsed))
    }
    define(use, .use(lastScope: lastScope, block: index), frame.scope)
  }

  /// Refuses a use that goes too deep or makes too much.
  private mutating func fits(_ use: NodeDeclaration, _ block: Int, _ frame: Frame, _ place: String) -> Bool {
    guard let depth = structure.depths[block] else { return false }
    if frame.isCounted { return true }
    var fault: Fault?
    if frame.level + depth > limits.blockDepth {
      fault = Fault(
        .limit, text: use.op?.place, place: "\(place), op",
        "blocks are nested \(frame.level + depth) deep here, deeper than the limit of \(limits.blockDepth)")
    } else {
      fault = budget.take(use, frame.arguments)
    }
    guard let fault else { return true }
    // What is too large by itself was mostly found where it is used.
    if frame.isUsed || !isOverLimit { faults.append(fault) }
    isOverLimit = true
    return false
  }
}

extension NodeDeclaration {
  /// The place with the node's full name: `blocks.residual.nodes[0] "body_3/first"`.
  fileprivate func path(as name: String) -> String {
    let own = "\"\(name.excerpt(120))\""
    guard let quote = path.firstIndex(of: "\"") else { return "\(path) \(own)" }
    return path[..<quote] + own
  }
}
