import JSONText
import Tensors

/// The one text of a graph that `fmt` writes, and the hash that names the graph.
public enum CanonicalForm {
  /// The attributes of an operator in the order of its schema; nil where the name is not known.
  public typealias AttributeOrder = (_ operatorName: String) -> [String]?

  /// The canonical form; written again after reading, it is the same, and nothing is lost.
  ///
  /// Keys stand in the order of FORMAT, nodes behind the nodes that they read; attributes that
  /// `attributeOrder` does not know follow the others as they stand in the file. `metadata` and `x-` keys
  /// come last, as their text.
  public static func write(
    _ document: GraphDocument, attributeOrder: AttributeOrder = { _ in nil }
  ) -> String {
    withoutActuallyEscaping(attributeOrder) { order in
      JSONWriter.canonicalText(CanonicalTree(document, attributeOrder: order, keepsNotes: true).root())
    }
  }

  /// The SHA-256, in hexadecimal, of the canonical form without `description`, `metadata` and `x-` keys.
  public static func hash(
    _ document: GraphDocument, attributeOrder: AttributeOrder = { _ in nil }
  ) -> String {
    withoutActuallyEscaping(attributeOrder) { order in
      let tree = CanonicalTree(document, attributeOrder: order, keepsNotes: false)
      return SHA256.hexadecimal(of: JSONWriter.canonical(tree.root()))
    }
  }
}

/// The tree with keys and nodes in canonical order.
private struct CanonicalTree {
  let document: GraphDocument
  let attributeOrder: CanonicalForm.AttributeOrder
  let keepsNotes: Bool
  /// The arguments of each block, in the order of its declaration.
  let arguments: [String: [String]]

  init(
    _ document: GraphDocument, attributeOrder: @escaping CanonicalForm.AttributeOrder, keepsNotes: Bool
  ) {
    self.document = document
    self.attributeOrder = attributeOrder
    self.keepsNotes = keepsNotes
    arguments = Dictionary(
      document.blocks.map { ($0.name.value, $0.arguments.map(\.name.value)) }, uniquingKeysWith: { a, _ in a }
    )
  }

  func root() -> JSONValue {
    sorted(document.root, .root) { key, value in
      switch key {
      case "nodes": nodes(value)
      case "blocks": blocks(value)
      default: nil
      }
    }
  }

  private func blocks(_ value: JSONValue) -> JSONValue {
    sorted(value, .asWritten) { _, block in
      sorted(block, .block) { key, value in key == "nodes" ? nodes(value) : nil }
    }
  }

  private func nodes(_ value: JSONValue) -> JSONValue {
    guard let elements = value.elements else { return sorted(value, .asWritten) }
    return .array(NodeOrder.byDependency(elements).map { node(elements[$0]) })
  }

  private func node(_ value: JSONValue) -> JSONValue {
    guard let op = value["op"]?.string.flatMap(OperatorReference.init) else {
      return sorted(value, .node(attributes: []))
    }
    var attributes: [String]
    if let arguments = arguments[op.name] {
      attributes = arguments + ["repeat", "recompute"]
    } else {
      attributes = attributeOrder(op.name) ?? []
      // The body of a loop takes its arguments beside the loop's own attributes.
      if let body = value["body"]?.string { attributes += arguments[body] ?? [] }
    }
    return sorted(value, .node(attributes: attributes))
  }

  /// The value with its keys in order, at every depth; `special` gives the values that have rules of their
  /// own.
  private func sorted(
    _ value: JSONValue, _ order: KeyOrder, special: (String, JSONValue) -> JSONValue? = { _, _ in nil }
  ) -> JSONValue {
    switch value.kind {
    case .array(let elements):
      // Arrays of numbers may be large, and stay as they are.
      guard elements.contains(where: { $0.members != nil || $0.elements != nil }) else { return value }
      return .array(elements.map { sorted($0, order, special: special) })
    case .object(let members):
      return .object(
        inOrder(members, order).map { member in
          let child =
            member.isExtension || order.verbatim.contains(member.key)
            ? asWritten(member.value)
            : special(member.key, member.value) ?? sorted(member.value, order.inside(member.key))
          return JSONMember(key: member.key, value: child)
        })
    default: return value
    }
  }

  private func inOrder(_ members: [JSONMember], _ order: KeyOrder) -> [JSONMember] {
    let beginning = Dictionary(
      order.first.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    func rank(_ member: JSONMember) -> Int {
      if member.isExtension { return Int.max }
      if let index = beginning[member.key] { return index }
      if let index = order.last.firstIndex(of: member.key) { return order.first.count + 1 + index }
      return order.first.count
    }
    let kept =
      keepsNotes ? members : members.filter { !$0.isExtension && !order.notes.contains($0.key) }
    return kept.enumerated().map { (rank: rank($1), index: $0, member: $1) }
      .sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.member)
  }

  /// The value as its text; what the program put in has none, and is written as it would be elsewhere.
  private func asWritten(_ value: JSONValue) -> JSONValue {
    guard value.range.isEmpty else { return document.source.verbatim(value) }
    switch value.kind {
    case .object(let members):
      return .object(members.map { JSONMember(key: $0.key, value: asWritten($0.value)) })
    case .array(let elements): return .array(elements.map(asWritten))
    default: return value
    }
  }
}
