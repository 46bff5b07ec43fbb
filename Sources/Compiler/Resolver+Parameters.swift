import Diagnostics
import GraphFile
import LayerKit

// The parameters of the nodes, and the nodes that share them.
extension Resolver {
  typealias Parameters = (all: [NetworkParameter], byNode: [[ParameterID]])

  /// Gives every declared parameter its number; nodes that share take the owner's.
  mutating func assignParameters(_ order: [Int], _ references: References) -> Parameters {
    var all: [NetworkParameter] = []
    var byNode = [[ParameterID]](repeating: [], count: flat.count)
    var total = 0
    for index in order where flat[index].isUsed && flat[index].shared == nil {
      guard let node = resolved[index] else { continue }
      for declaration in node.declarations {
        byNode[index].append(ParameterID(all.count))
        all.append(
          NetworkParameter(
            name: "\(flat[index].name).\(declaration.name)", declaration: declaration,
            node: flat[index].name, isTrainable: declaration.isTrainable && !flat[index].isFrozen))
        total = checkSize(of: declaration, total, flat[index])
      }
    }
    guard flat.contains(where: { $0.shared != nil }) else { return (all, byNode) }
    let names = Dictionary(flat.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    for index in flat.indices where flat[index].shared != nil && !reader.faults.isFull {
      if let owner = owner(of: index, names, references) { byNode[index] = byNode[owner] }
    }
    return (all, byNode)
  }

  /// The bytes of all parameters so far; a fault for the one that is over a limit, and for no other.
  private mutating func checkSize(of declaration: ParameterDeclaration, _ total: Int, _ node: FlatNode) -> Int
  {
    guard total < .max else { return .max }
    let count = declaration.shape.reduce(1, saturatingProduct)
    let sum = saturatingSum(total, saturatingProduct(count, declaration.element.byteCount))
    let most = limits.memoryBytes ?? .max - 1
    guard sum > most else { return sum }
    report(
      node.declaration.place, node.place,
      "parameters up to \"\(node.name).\(declaration.name)\" \(declaration.shape) take \(sum) bytes, over "
        + "the memory limit of \(most)", kind: .limit)
    return .max
  }

  /// The node whose parameters node `index` uses; nil, with a fault, where that cannot be.
  private mutating func owner(of index: Int, _ names: [String: Int], _ references: References) -> Int? {
    let node = flat[index]
    guard let wanted = node.shared else { return nil }
    let (text, place) = (node.declaration.share?.place ?? node.declaration.place, "\(node.place), share")
    guard let owner = names[wanted], owner != index else {
      reportNoOwner(node, wanted, references, text, place)
      return nil
    }
    if let trainable = node.declaration.trainable, node.declaration.share != nil {
      report(
        trainable.place, "\(node.place), trainable",
        "\"\(node.name)\" shares with \"\(wanted)\" and has no parameters of its own")
    }
    let (mine, theirs) = (node.declaration.op?.value, flat[owner].declaration.op?.value)
    guard let mine, let theirs else { return nil }
    guard mine.name == theirs.name, mine.version == theirs.version else {
      report(text, place, "\"\(node.name)\" is \"\(mine)\", but \"\(wanted)\" is \"\(theirs)\"")
      return nil
    }
    if let next = flat[owner].shared {
      report(
        text, place,
        "\"\(node.name)\" shares with \"\(wanted)\", which shares in turn with \"\(next)\"; name the owner")
      return nil
    }
    guard let made = resolved[index], let other = resolved[owner] else { return nil }
    let shapes = { (node: ResolvedNode) in
      node.declarations.map { "\($0.name) \($0.element.rawValue) \($0.shape)" }
    }
    guard shapes(made) == shapes(other) else {
      report(
        text, place,
        "\"\(node.name)\" needs \(shapes(made).joined(separator: ", ")), but \"\(wanted)\" has "
          + shapes(other).joined(separator: ", "))
      return nil
    }
    return owner
  }

  private mutating func reportNoOwner(
    _ node: FlatNode, _ wanted: String, _ references: References, _ text: TextPlace?, _ place: String
  ) {
    // A node without a name that could be read may be the one.
    if node.declaration.share == nil || document.isMissingNames { return }
    let prefix = node.name.dropLast(node.declaration.name.value.count)
    let word = String(wanted.dropFirst(prefix.count))
    let own = node.declaration.op?.value.name
    let scope = references.scopes[node.scope].names
    var likely: [String] = []
    if reader.faults.hasRoom(for: scope.count) {
      for (name, entry) in scope where name != node.declaration.name.value {
        if case .node(let index) = entry, flat[index].declaration.op?.value.name == own {
          likely.append(name)
        }
      }
    }
    var isUse = false
    if case .use? = scope[word] { isUse = true }
    let found =
      wanted == node.name ? "is the node itself" : isUse ? "is a use of a block" : "is no node here"
    report(
      text, place,
      "\"\(node.name)\" can share with another node of its operator; \"\(word.excerpt())\" \(found)",
      nearest: reader.faults.nearest(to: word, among: likely))
  }
}
