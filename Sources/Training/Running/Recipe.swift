import Diagnostics
import GraphFile
import JSONText
import Tensors

/// A `training` object in a file of its own, which replaces the graph's key by key.
public struct Recipe: Sendable {
  public let file: String
  /// The keys that it replaces.
  public let keys: [String]
  private let values: [JSONValue]

  /// Reads the file. Throws `Faults` where it is no JSON object, or holds a key twice.
  public init(_ file: String, limits: GraphLimits = GraphLimits()) throws {
    self.file = file
    let bytes = try FileAccess.readFile(file, limit: limits.fileBytes)
    let document: JSONDocument
    do {
      document = try JSONText.parse(bytes, depthLimit: limits.depth)
    } catch {
      throw error.inOrder(file: file)
    }
    guard let members = document.root.members else {
      throw Faults(
        Fault(
          file: file, text: document.root.place,
          "a recipe is an object with the keys of \"training\", found \(document.root.excerpt)"))
    }
    var faults = document.faults
    // A key with a point would be taken for a path by the change that puts it into the graph.
    for member in members where member.key.isEmpty || member.key.contains(".") {
      faults.append(
        Fault(text: member.keyPlace, place: "\"\(member.key.excerpt())\"", "\"training\" has no such key"))
    }
    if !faults.isEmpty { throw Faults(faults).inOrder(file: file) }
    keys = members.map(\.key)
    values = members.map(\.value)
  }

  /// The changes of the graph's text that the recipe stands for.
  public var overrides: [GraphOverride] {
    zip(keys, values).map { GraphOverride(path: "training.\($0)", value: JSONWriter.compactText($1)) }
  }

  /// The faults of a graph with the recipe in it; those of a key that the recipe gave name its file.
  public func naming(_ faults: [Fault]) -> [Fault] {
    faults.map { fault in
      guard let value = value(at: fault.place), (fault.text?.line ?? 0) == 0 else { return fault }
      var named = fault
      named.file = file
      named.text = value.textPlace
      return named
    }
  }

  /// The recipe's value that a place of the graph (`training, metrics[0], kind`) names, or the nearest around it;
  /// nil for a place outside of the recipe.
  private func value(at place: String) -> JSONValue? {
    var words = place.split { ",[] ".contains($0) }[...]
    guard words.popFirst() == "training", let key = words.popFirst(),
      let index = keys.firstIndex(of: String(key))
    else { return nil }
    var value = values[index]
    for word in words {
      if let next = value[String(word)] {
        value = next
      } else if let elements = value.elements, let index = Int(word), elements.indices.contains(index) {
        value = elements[index]
      } else {
        break
      }
    }
    return value
  }
}
