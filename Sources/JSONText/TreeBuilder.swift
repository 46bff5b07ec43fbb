import CJSONC
import Diagnostics
import Glibc

/// Makes the tree of values: structure, places, keys and numbers from the skeleton, the rest from json-c.
///
/// json-c takes hundreds of bytes for an empty object. So a long array or object is opened here, and json-c
/// reads its contents in runs of neighbouring values, each put into brackets of its own; a run's tree is freed
/// before the next is read.
struct TreeBuilder {
  private static let longestRun = 1 << 12

  private let skeleton: Skeleton
  private let renumbered: Set<Int>
  private let source: UnsafeBufferPointer<UInt8>
  private let tokener: UnsafeMutablePointer<json_tokener>
  // What comes next in the order of the text.
  private var node = 0
  private var key = 0
  private var patch = 0
  private var run: [UInt8] = []

  private init(
    _ skeleton: Skeleton, source: UnsafeBufferPointer<UInt8>, tokener: UnsafeMutablePointer<json_tokener>
  ) {
    self.skeleton = skeleton
    renumbered = Set(skeleton.renumbered)
    self.source = source
    self.tokener = tokener
  }

  /// Throws one fault of the kind `.program` where json-c sees another text than the pass before it.
  static func build(_ skeleton: Skeleton, source: UnsafeBufferPointer<UInt8>, depthLimit: Int)
    throws(Faults) -> JSONValue
  {
    // One level for a run's brackets, one because json-c refuses at its limit itself.
    guard let tokener = json_tokener_new_ex(Int32(truncatingIfNeeded: depthLimit + 2)) else {
      throw Faults(Fault(.program, "json-c did not start"))
    }
    defer { json_tokener_free(tokener) }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8)
    var builder = TreeBuilder(skeleton, source: source, tokener: tokener)
    if builder.isOpenedHere(0) { return try builder.openedValue() }
    let tree = try builder.readRun(Int(skeleton.nodes[0].start)..<Int(skeleton.nodes[0].end), isObject: false)
    defer { json_object_put(tree) }
    var values: [JSONValue] = []
    try builder.appendElements(of: tree, count: 1, to: &values)
    return values[0]
  }

  private func isOpenedHere(_ index: Int) -> Bool {
    let node = skeleton.nodes[index]
    let isContainer =
      source[Int(node.start)] == UInt8(ascii: "[") || source[Int(node.start)] == UInt8(ascii: "{")
    return isContainer && Int(node.end - node.start) > Self.longestRun
  }

  /// The long array or object that comes next.
  private mutating func openedValue() throws(Faults) -> JSONValue {
    let index = node
    let container = skeleton.nodes[index]
    let count = Int(container.count)
    node += 1
    if source[Int(container.start)] == UInt8(ascii: "[") {
      var elements: [JSONValue] = []
      elements.reserveCapacity(count)
      while elements.count < count {
        if isOpenedHere(node) {
          elements.append(try openedValue())
        } else {
          let (values, bytes) = nextRun(
            from: Int(skeleton.nodes[node].start), atMost: count - elements.count)
          let tree = try readRun(bytes, isObject: false)
          defer { json_object_put(tree) }
          try appendElements(of: tree, count: values, to: &elements)
        }
      }
      return value(.array(elements), container)
    }
    var members: [JSONMember] = []
    members.reserveCapacity(count)
    while members.count < count {
      if isOpenedHere(node) {
        let key = nextKey()
        members.append(member(key, try openedValue()))
      } else {
        let (values, bytes) = nextRun(from: Int(skeleton.keys[key].start), atMost: count - members.count)
        let tree = try readRun(bytes, isObject: true)
        defer { json_object_put(tree) }
        try appendMembers(of: tree, count: values, node: index, to: &members)
      }
    }
    return value(.object(members), container)
  }

  /// How many of the neighbours that come next json-c reads at once, and their bytes; one at least.
  private func nextRun(from start: Int, atMost most: Int) -> (count: Int, bytes: Range<Int>) {
    var count = 1
    var last = skeleton.nodes[node]
    while count < most {
      let next = skeleton.nodes[Int(last.after)]
      if Int(next.end) - start > Self.longestRun { break }
      last = next
      count += 1
    }
    return (count, start..<Int(last.end))
  }

  /// json-c's tree of an array or object with those bytes of the source between its brackets.
  private mutating func readRun(_ bytes: Range<Int>, isObject: Bool) throws(Faults) -> OpaquePointer {
    run.removeAll(keepingCapacity: true)
    run.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
    var from = bytes.lowerBound
    while patch < skeleton.patches.count, skeleton.patches[patch].range.lowerBound < bytes.upperBound {
      let next = skeleton.patches[patch]
      patch += 1
      // A patch between two runs is of bytes that neither holds.
      guard next.range.lowerBound >= from else { continue }
      run.append(contentsOf: source[from..<next.range.lowerBound])
      run.append(contentsOf: next.replacement)
      from = next.range.upperBound
    }
    run.append(contentsOf: source[from..<bytes.upperBound])
    run.append(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    json_tokener_reset(tokener)
    let tree = run.withUnsafeBytes { text in
      json_tokener_parse_ex(
        tokener, text.bindMemory(to: CChar.self).baseAddress, Int32(truncatingIfNeeded: text.count))
    }
    let error = json_tokener_get_error(tokener)
    guard error == json_tokener_success, let tree else {
      throw disagreement("says \"\(String(cString: json_tokener_error_desc(error)))\"")
    }
    return tree
  }

  private mutating func appendElements(of tree: OpaquePointer, count: Int, to elements: inout [JSONValue])
    throws(Faults)
  {
    guard json_object_is_type(tree, json_type_array) != 0, json_object_array_length(tree) == count else {
      throw disagreement("does not see an array of \(count) elements")
    }
    for index in 0..<count {
      elements.append(try nextValue(json_object_array_get_idx(tree, index)))
    }
  }

  private mutating func appendMembers(
    of tree: OpaquePointer, count: Int, node: Int, to members: inout [JSONMember]
  ) throws(Faults) {
    guard json_object_is_type(tree, json_type_object) != 0, Int(json_object_object_length(tree)) == count
    else { throw disagreement("does not see an object of \(count) members") }
    let isRenumbered = !renumbered.isEmpty && renumbered.contains(node)
    var entry = json_object_get_object(tree)?.pointee.head
    while let current = entry {
      let key = nextKey()
      guard isRenumbered || isEqual(key.text, current.pointee.k) else {
        throw disagreement("sees another key than \(JSONValue.string(key.text).excerpt)")
      }
      members.append(member(key, try nextValue(current.pointee.v.map { OpaquePointer($0) })))
      entry = current.pointee.next
    }
  }

  /// The value that comes next, which json-c has read as `tree`; nil is its `null`.
  private mutating func nextValue(_ tree: OpaquePointer?) throws(Faults) -> JSONValue {
    let index = node
    let place = skeleton.nodes[index]
    let type = json_object_get_type(tree)
    node += 1
    switch source[Int(place.start)] {
    case UInt8(ascii: "["):
      guard let tree else { break }
      var elements: [JSONValue] = []
      elements.reserveCapacity(Int(place.count))
      try appendElements(of: tree, count: Int(place.count), to: &elements)
      return value(.array(elements), place)
    case UInt8(ascii: "{"):
      guard let tree else { break }
      var members: [JSONMember] = []
      members.reserveCapacity(Int(place.count))
      try appendMembers(of: tree, count: Int(place.count), node: index, to: &members)
      return value(.object(members), place)
    case UInt8(ascii: "\""):
      guard type == json_type_string, let text = json_object_get_string(tree) else { break }
      let bytes = UnsafeRawBufferPointer(start: text, count: Int(json_object_get_string_len(tree)))
      return value(.string(String(decoding: bytes, as: UTF8.self)), place)
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      guard type == json_type_boolean else { break }
      return value(.boolean(json_object_get_boolean(tree) != 0), place)
    case UInt8(ascii: "n"):
      guard type == json_type_null else { break }
      return value(.null, place)
    default:
      guard type == json_type_int || type == json_type_double else { break }
      // json-c saturates integers and rounds: the number is the one of the text.
      let text = String(decoding: source[Int(place.start)..<Int(place.end)], as: UTF8.self)
      return value(.number(JSONNumber(checked: text)), place)
    }
    node = index
    throw disagreement("sees \(String(cString: json_type_to_name(type)))")
  }

  private mutating func nextKey() -> Skeleton.Key {
    defer { key += 1 }
    return skeleton.keys[key]
  }

  private func isEqual(_ text: String, _ other: UnsafeRawPointer?) -> Bool {
    guard let other = other?.assumingMemoryBound(to: CChar.self) else { return false }
    return text.withCString { strcmp($0, other) } == 0
  }

  private func value(_ kind: JSONValue.Kind, _ node: Skeleton.Node) -> JSONValue {
    JSONValue(kind, line: node.line, column: node.column, start: node.start, end: node.end)
  }

  private func member(_ key: Skeleton.Key, _ value: JSONValue) -> JSONMember {
    JSONMember(key: key.text, value: value, keyLine: key.line, keyColumn: key.column)
  }

  private func disagreement(_ what: String) -> Faults {
    let place = skeleton.nodes.indices.contains(node) ? skeleton.nodes[node] : skeleton.nodes[0]
    return Faults(
      Fault(
        .program, text: TextPlace(line: Int(place.line), column: Int(place.column)),
        "the two readers of JSON disagree: json-c \(what)"))
  }
}
