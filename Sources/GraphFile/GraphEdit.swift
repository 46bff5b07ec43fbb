import Diagnostics
import JSONText

/// A change of the tree: the value that a key gets.
///
/// A part of the path is a key; in an array it is the `name` of an element, or its index. Objects that are
/// missing are made.
public struct GraphEdit: Sendable {
  public var path: [String]
  /// Nil removes the key.
  public var value: JSONValue?

  public init(_ path: [String], _ value: JSONValue?) {
    self.path = path
    self.value = value
  }

  /// The tree with the change. Throws a fault of kind `.usage` where the path leads through what is no
  /// object.
  func applied(to root: JSONValue) throws(Faults) -> JSONValue {
    try edited(root, depth: 0)
  }

  private func edited(_ found: JSONValue?, depth: Int) throws(Faults) -> JSONValue {
    guard depth < path.count else { return value?.withoutPlaces ?? .null }
    switch found?.kind {
    case nil, .null: return try edited(members: [], depth: depth)
    case .object(let members): return try edited(members: members, depth: depth)
    case .array(let elements): return try edited(elements: elements, depth: depth)
    default:
      let parent = path[..<depth].joined(separator: ".")
      throw Faults(
        Fault(
          .usage, place: path.joined(separator: "."),
          "\"\(parent)\" is \(found?.excerpt ?? "null"); a key can be set in an object alone"))
    }
  }

  private func edited(members: [JSONMember], depth: Int) throws(Faults) -> JSONValue {
    let key = path[depth]
    var members = members
    let index = members.firstIndex { $0.key == key }
    if value == nil, depth + 1 == path.count {
      if let index { members.remove(at: index) }
      return .object(members)
    }
    let child = try edited(index.map { members[$0].value }, depth: depth + 1)
    if let index {
      members[index] = JSONMember(key: key, value: child)
    } else {
      members.append(JSONMember(key: key, value: child))
    }
    return .object(members)
  }

  private func edited(elements: [JSONValue], depth: Int) throws(Faults) -> JSONValue {
    let key = path[depth]
    var elements = elements
    let number = Int(key).flatMap { elements.indices.contains($0) ? $0 : nil }
    guard let index = elements.firstIndex(where: { $0["name"]?.string == key }) ?? number else {
      let parent = path[..<depth].joined(separator: ".")
      let names = elements.lazy.compactMap { $0["name"]?.string }
      throw Faults(
        Fault(
          .usage, place: path.joined(separator: "."), "\"\(parent)\" has no element \"\(key.excerpt())\"",
          nearest: nearest(to: key, among: names)))
    }
    if value == nil, depth + 1 == path.count {
      elements.remove(at: index)
    } else {
      elements[index] = try edited(elements[index], depth: depth + 1)
    }
    return .array(elements)
  }
}

extension GraphDocument {
  /// The document with changed keys, read again.
  ///
  /// Throws the faults of a path that leads nowhere, and those that the changed document has.
  public func replacing(_ edits: [GraphEdit]) throws(Faults) -> GraphDocument {
    var root = self.root
    for edit in edits { root = try edit.applied(to: root) }
    var document = GraphDocument(file: file, folder: folder, root: root, source: source, limits: limits)
    let (_, faults) = document.readTree()
    if !faults.isEmpty { throw Faults(faults).inOrder(file: file) }
    return document
  }

  /// The document with one changed key, read again; nil removes the key. Throws as ``replacing(_:)``.
  public func replacing(_ path: String..., with value: JSONValue?) throws(Faults) -> GraphDocument {
    try replacing([GraphEdit(path, value)])
  }
}

extension JSONValue {
  /// The same value as the program would make it: its places would be taken for those of the graph's text.
  var withoutPlaces: JSONValue {
    switch kind {
    case .null: .null
    case .boolean(let truth): .boolean(truth)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.withoutPlaces))
    case .object(let members):
      .object(members.map { JSONMember(key: $0.key, value: $0.value.withoutPlaces) })
    case .number(let number):
      if let integer = number.integer {
        .integer(integer)
      } else if let double = number.double {
        .double(double)
      } else {
        .raw(number.text)
      }
    case .raw(let text): .raw(text)
    }
  }
}
