import Diagnostics
import JSONText
import Tensors

// The objects `inputs` and `outputs`.
extension GraphReader {
  /// Types for which the format leaves room.
  private static let laterTypes = ["bfloat16", "float16", "int8", "int64"]

  mutating func readInputs(_ value: JSONValue?, _ scope: inout NameScope) -> [InputDeclaration] {
    guard let members = value?.members else {
      scope.isMissingNames = true
      if let value { wrong("inputs", value, expected: "an object of names to shapes and types") }
      return []
    }
    var inputs: [InputDeclaration] = []
    for member in members where !member.isExtension {
      let path = "inputs.\(member.key.excerpt(60))"
      if Names.isNodeName(member.key) {
        scope.first[member.key] = path
      } else {
        scope.invalid.insert(member.key)
        let found = JSONValue.string(member.key).excerpt
        report("inputs", at: member.keyTextPlace, "expected a name (\(Names.nodePattern)), found \(found)")
      }
      inputs.append(readInput(member, path))
    }
    return inputs
  }

  private mutating func readInput(_ member: JSONMember, _ path: String) -> InputDeclaration {
    var input = InputDeclaration(name: Located(member.key, at: member.keyTextPlace))
    guard
      let fields = fields(
        of: member.value, path, known: ["shape", "type", "description"],
        required: ["shape": "an array of positive integers and symbols"])
    else { return input }
    input.shape = fields["shape"].flatMap { readShape($0, path) }
    if let type = fields["type"] {
      input.type = readType(type, "\(path), type")
    } else if !fields.misspelt.contains("type") {
      input.type = .float32
    }
    input.description = text(fields["description"], "\(path), description")
    return input
  }

  private mutating func readType(_ value: JSONValue, _ place: String) -> ElementType? {
    let names = ElementType.allCases.map(\.rawValue)
    if let text = value.string, let type = ElementType(rawValue: text) { return type }
    let accepted = names.joined(separator: ", ")
    if let text = value.string, Self.laterTypes.contains(text) {
      report(place, at: value.textPlace, "\(value.excerpt) is not supported yet; expected one of \(accepted)")
    } else {
      wrong(
        place, value, expected: "one of \(accepted)",
        nearest: value.string.flatMap { nearest(to: $0, among: names) })
    }
    return nil
  }

  private mutating func readShape(_ value: JSONValue, _ path: String) -> Located<[Located<ShapeEntryText>]>? {
    guard let elements = value.elements else {
      wrong("\(path), shape", value, expected: "an array of positive integers and symbols")
      return nil
    }
    let most = limits.rank
    guard elements.count <= most else {
      report(
        "\(path), shape", at: value.textPlace, kind: .limit,
        "found \(elements.count) axes in \(value.excerpt), more than the limit of \(most)")
      return nil
    }
    var entries: [Located<ShapeEntryText>] = []
    for (axis, element) in elements.enumerated() {
      if let entry = readShapeEntry(element, "\(path), shape[\(axis)]") {
        entries.append(Located(entry, at: element.textPlace))
      }
    }
    return entries.count == elements.count ? Located(entries, at: value.textPlace) : nil
  }

  private mutating func readShapeEntry(_ value: JSONValue, _ place: String) -> ShapeEntryText? {
    let most = limits.dimension
    if let text = value.string, Names.isNodeName(text) { return .symbol(text) }
    if let size = value.integer, size >= 1, size <= most { return .size(size) }
    // An integer of more digits than 64 bits hold is too large, too, and no other fault.
    let isWhole = value.number.map { $0.text.utf8.allSatisfy(Names.isDigit) } ?? false
    if isWhole || (value.integer ?? 0) > most, value.integer != 0 {
      report(
        place, at: value.textPlace, kind: .limit,
        "found \(value.excerpt), more than the limit of \(most) for one axis")
    } else if value.string != nil {
      wrong(place, value, expected: "a positive integer, or a symbol (\(Names.nodePattern))")
    } else {
      wrong(place, value, expected: "a positive integer, or the name of a symbol in quotes")
    }
    return nil
  }

  mutating func readOutputs(_ value: JSONValue?, _ scope: NameScope) -> [OutputDeclaration] {
    guard let value else { return [] }
    var outputs: [OutputDeclaration] = []
    if let elements = value.elements {
      var first: [String: Int] = [:]
      for (index, element) in elements.enumerated() {
        let path = "outputs[\(index)]"
        guard let reference = readReference(element, path, scope) else { continue }
        let name = reference.value.description
        if let earlier = first[name] {
          report(path, at: element.textPlace, "duplicate output \"\(name)\"; first at outputs[\(earlier)]")
          continue
        }
        first[name] = index
        outputs.append(OutputDeclaration(publicName: name, reference: reference, path: path))
      }
    } else if let members = value.members {
      for member in members where !member.isExtension {
        let path = "outputs.\(member.key.excerpt(60))"
        if member.key.isEmpty {
          report("outputs", at: member.keyTextPlace, "expected a name of at least one character, found \"\"")
        }
        guard let reference = readReference(member.value, path, scope) else { continue }
        outputs.append(OutputDeclaration(publicName: member.key, reference: reference, path: path))
      }
    } else {
      wrong(
        "outputs", value,
        expected: "an array of value references, or an object of names to value references")
    }
    return outputs
  }

  /// A value reference; nil where it is none, which is reported.
  mutating func readReference(
    _ value: JSONValue, _ place: @autoclosure () -> String, _ scope: NameScope
  ) -> Located<ValueReference>? {
    if let text = value.string {
      if scope.invalid.contains(text) { return Located(ValueReference(name: text), at: value.textPlace) }
      if let reference = ValueReference(text) { return Located(reference, at: value.textPlace) }
    }
    wrong(place(), value, expected: "the name of an input or a node, or \"node.port\"")
    return nil
  }
}
