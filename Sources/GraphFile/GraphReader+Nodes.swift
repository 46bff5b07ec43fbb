import Diagnostics
import JSONText

// The nodes of the graph and of its blocks.
extension GraphReader {
  static let nodeKeys = ["name", "op", "inputs", "share", "trainable", "description"]

  mutating func readNodes(
    _ value: JSONValue?, _ path: String, _ scope: inout NameScope, inBlock: Bool
  ) -> [NodeDeclaration] {
    guard let elements = value?.elements else {
      scope.isMissingNames = true
      if let value { wrong(path, value, expected: "an array of nodes") }
      return []
    }
    // References may stand before what they name.
    for element in elements {
      if let name = element["name"]?.string, !Names.isNodeName(name) { scope.invalid.insert(name) }
    }
    var nodes: [NodeDeclaration] = []
    nodes.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard element.members != nil else {
        scope.isMissingNames = true
        wrong(
          "\(path)[\(index)]", element, expected: "a node: an object with name, op, inputs and attributes")
        continue
      }
      nodes.append(readNode(element, "\(path)[\(index)]", &scope, inBlock: inBlock))
    }
    return nodes
  }

  private mutating func readNode(
    _ value: JSONValue, _ unnamed: String, _ scope: inout NameScope, inBlock: Bool
  ) -> NodeDeclaration {
    let written = value["name"]?.string
    let path = written.map { "\(unnamed) \"\($0.excerpt(60))\"" } ?? unnamed
    var node = NodeDeclaration(
      name: Located(written ?? "", at: value["name"]?.textPlace ?? value.textPlace), inputs: .absent,
      attributes: [], place: value.textPlace, path: path, isDuplicate: false)
    for member in value.members ?? [] where !member.isExtension {
      let found = member.value
      switch member.key {
      case "name": node.isDuplicate = declare(found, unnamed, path, &scope)
      case "op": node.op = readOperator(found, "\(path), op")
      case "inputs":
        node.inputs = readNodeInputs(found, path, scope)
        node.inputsPlace = found.textPlace
      case "share": node.share = readShare(found, "\(path), share", scope)
      case "trainable": node.trainable = readTrainable(found, "\(path), trainable", inBlock: inBlock)
      case "description": node.description = text(found, "\(path), description")
      default: node.attributes.append(member)
      }
    }
    requireKeys(of: value, path, &node)
    if value["name"]?.string == nil { scope.isMissingNames = true }
    return node
  }

  /// Reports a node without a name or operator; where a key is near, as a misspelling of it.
  private mutating func requireKeys(of value: JSONValue, _ path: String, _ node: inout NodeDeclaration) {
    for (key, expected) in [("name", "the name of the node"), ("op", "the name of an operator or a block")]
    where value[key] == nil {
      let misspelt = node.attributes.prefix(32).firstIndex {
        nearest(to: $0.key, among: Self.nodeKeys) == key
      }
      if let misspelt {
        let member = node.attributes.remove(at: misspelt)
        report(
          path, at: member.keyTextPlace, "unknown key \(JSONValue.string(member.key).excerpt)", nearest: key)
      } else {
        report("\(path), \(key)", at: value.textPlace, "missing; expected \(expected)")
      }
    }
  }

  /// Takes a name into the scope; true where it is taken already, which is reported.
  private mutating func declare(
    _ value: JSONValue, _ owner: String, _ path: String, _ scope: inout NameScope
  ) -> Bool {
    guard let name = value.string, Names.isNodeName(name) else {
      wrong("\(path), name", value, expected: "a name (\(Names.nodePattern))")
      return false
    }
    return declare(name, at: value.textPlace, owner, "\(path), name", &scope)
  }

  /// Takes a name that obeys the rule into the scope; true where it is taken already, which is reported.
  mutating func declare(
    _ name: String, at text: TextPlace?, _ owner: String, _ place: @autoclosure () -> String,
    _ scope: inout NameScope
  ) -> Bool {
    if let first = scope.first[name] {
      report(place(), at: text, "duplicate name \"\(name)\"; first at \(first)")
      return true
    }
    scope.first[name] = owner
    return false
  }

  private mutating func readOperator(
    _ value: JSONValue, _ place: @autoclosure () -> String
  ) -> Located<OperatorReference>? {
    guard let op = value.string.flatMap(OperatorReference.init) else {
      wrong(
        place(), value, expected: "the name of an operator or a block, or a name and a version as \"dense@1\""
      )
      return nil
    }
    return Located(op, at: value.textPlace)
  }

  private mutating func readNodeInputs(_ value: JSONValue, _ path: String, _ scope: NameScope) -> NodeInputs {
    if let elements = value.elements {
      return .list(
        elements.enumerated().map { index, element in
          Located(readInputReference(element, "\(path), inputs[\(index)]", scope), at: element.textPlace)
        })
    }
    if let members = value.members {
      return .named(
        members.filter { !$0.isExtension }.map { member in
          let place = "\(path), inputs.\(member.key.excerpt(60))"
          let reference = readInputReference(member.value, place, scope)
          return (
            port: Located(member.key, at: member.keyTextPlace),
            reference: Located(reference, at: member.value.textPlace)
          )
        })
    }
    wrong(
      "\(path), inputs", value,
      expected: "an array of value references, or an object of port names to value references")
    return .unreadable
  }

  private mutating func readInputReference(
    _ value: JSONValue, _ place: @autoclosure () -> String, _ scope: NameScope
  ) -> InputReference {
    if value.isNull { return .absent }
    return readReference(value, place(), scope).map { .value($0.value) } ?? .unreadable
  }

  private mutating func readShare(
    _ value: JSONValue, _ place: @autoclosure () -> String, _ scope: NameScope
  ) -> Located<String>? {
    guard let name = value.string, Names.isNodeName(name) || scope.invalid.contains(name) else {
      wrong(place(), value, expected: "the name of another node")
      return nil
    }
    return Located(name, at: value.textPlace)
  }

  private mutating func readTrainable(
    _ value: JSONValue, _ place: @autoclosure () -> String, inBlock: Bool
  ) -> Located<TrainableText>? {
    if let truth = value.boolean { return Located(.value(truth), at: value.textPlace) }
    if inBlock, let text = value.string, text.hasPrefix("$"), Names.isNodeName(text.dropFirst()) {
      return Located(.argument(String(text.dropFirst())), at: value.textPlace)
    }
    wrong(place(), value, expected: inBlock ? "true, false or an argument as \"$name\"" : "true or false")
    return nil
  }
}
