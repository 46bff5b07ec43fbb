import Diagnostics
import JSONText

// The object `blocks`.
extension GraphReader {
  mutating func readBlocks(_ value: JSONValue?) -> [BlockDeclaration] {
    guard let value else { return [] }
    guard let members = value.members else {
      wrong("blocks", value, expected: "an object of names to blocks")
      return []
    }
    var blocks: [BlockDeclaration] = []
    for member in members where !member.isExtension {
      if !Names.isNodeName(member.key) {
        let found = JSONValue.string(member.key).excerpt
        report("blocks", at: member.keyTextPlace, "expected a name (\(Names.nodePattern)), found \(found)")
      }
      if let block = readBlock(member) { blocks.append(block) }
    }
    return blocks
  }

  private mutating func readBlock(_ member: JSONMember) -> BlockDeclaration? {
    var block = BlockDeclaration(
      name: Located(member.key, at: member.keyTextPlace), inputs: [], arguments: [], nodes: [], outputs: [],
      isMissingNames: false)
    let path = block.path
    guard
      let fields = fields(
        of: member.value, path, known: ["inputs", "arguments", "nodes", "outputs"],
        required: [
          "inputs": "an array of names", "nodes": "an array of nodes",
          "outputs": "an array of value references",
        ])
    else { return nil }
    var scope = NameScope()
    block.inputs = readBlockInputs(fields["inputs"], path, &scope)
    block.arguments = readArguments(fields["arguments"], path)
    block.nodes = readNodes(fields["nodes"], "\(path).nodes", &scope, inBlock: true)
    block.outputs = readBlockOutputs(fields["outputs"], path, scope)
    block.isMissingNames = scope.isMissingNames
    return block
  }

  private mutating func readBlockInputs(
    _ value: JSONValue?, _ path: String, _ scope: inout NameScope
  ) -> [Located<String>] {
    guard let elements = value?.elements else {
      scope.isMissingNames = true
      if let value { wrong("\(path), inputs", value, expected: "an array of names") }
      return []
    }
    var inputs: [Located<String>] = []
    for (index, element) in elements.enumerated() {
      let place = "\(path), inputs[\(index)]"
      if let name = element.string, Names.isNodeName(name) {
        _ = declare(name, at: element.textPlace, place, place, &scope)
      } else {
        wrong(place, element, expected: "a name (\(Names.nodePattern))")
        if let name = element.string { scope.invalid.insert(name) } else { scope.isMissingNames = true }
      }
      inputs.append(Located(element.string ?? "", at: element.textPlace))
    }
    return inputs
  }

  private mutating func readArguments(_ value: JSONValue?, _ path: String) -> [ArgumentDeclaration] {
    guard let value else { return [] }
    guard let members = value.members else {
      wrong("\(path), arguments", value, expected: "an object of names to defaults; null where there is none")
      return []
    }
    var arguments: [ArgumentDeclaration] = []
    for member in members where !member.isExtension {
      if !Names.isNodeName(member.key) {
        let found = JSONValue.string(member.key).excerpt
        report(
          "\(path), arguments", at: member.keyTextPlace,
          "expected a name (\(Names.nodePattern)), found \(found)")
      } else if member.key == "repeat" || Self.nodeKeys.contains(member.key) {
        report(
          "\(path), arguments", at: member.keyTextPlace,
          "found \"\(member.key)\", a key that every use of a block has; expected another name")
      }
      arguments.append(
        ArgumentDeclaration(
          name: Located(member.key, at: member.keyTextPlace),
          standard: member.value.isNull ? nil : member.value))
    }
    return arguments
  }

  private mutating func readBlockOutputs(
    _ value: JSONValue?, _ path: String, _ scope: NameScope
  ) -> [Located<ValueReference>] {
    guard let value else { return [] }
    guard let elements = value.elements else {
      wrong("\(path), outputs", value, expected: "an array of value references")
      return []
    }
    return elements.enumerated().compactMap { index, element in
      readReference(element, "\(path), outputs[\(index)]", scope)
    }
  }
}
