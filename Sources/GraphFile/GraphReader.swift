import Diagnostics
import JSONText

/// Reads the tree into declarations and collects what is wrong with it.
struct GraphReader {
  /// A hostile file could hold millions of faults; nobody reads more than these.
  static let mostFaults = 1000

  let limits: GraphLimits
  private var listed: [Fault] = []
  private var unlisted = 0

  init(limits: GraphLimits) { self.limits = limits }

  /// What was reported, with one last fault that says how many more there are.
  var faults: [Fault] {
    unlisted == 0 ? listed : listed + [Fault(.input, "and \(unlisted) more faults")]
  }

  mutating func report(
    _ place: @autoclosure () -> String, at text: TextPlace?, kind: Fault.Kind = .input,
    _ message: @autoclosure () -> String, nearest: @autoclosure () -> String? = nil
  ) {
    guard listed.count < Self.mostFaults else {
      unlisted += 1
      return
    }
    listed.append(Fault(kind, text: text, place: place(), message(), nearest: nearest()))
  }

  mutating func wrong(
    _ place: @autoclosure () -> String, _ value: JSONValue, expected: @autoclosure () -> String,
    nearest: @autoclosure () -> String? = nil
  ) {
    report(
      place(), at: value.textPlace, "expected \(expected()), found \(value.excerpt)", nearest: nearest())
  }

  /// The members of an object whose keys are known; reports another value, unknown keys and missing ones.
  ///
  /// A required key whose misspelling was reported is not reported as missing, too.
  mutating func fields(
    of value: JSONValue, _ place: String, known: [String], required: KeyValuePairs<String, String> = [:]
  ) -> Fields? {
    guard let members = value.members else {
      let keys = known.joined(separator: ", ")
      wrong(place, value, expected: "an object with the keys \(keys)")
      return nil
    }
    var misspelt: Set<String> = []
    let absent = known.filter { value[$0] == nil }
    for member in members where !member.isExtension && !known.contains(member.key) {
      guard listed.count < Self.mostFaults else {
        unlisted += 1
        continue
      }
      let near = nearest(to: member.key, among: absent)
      if let near { misspelt.insert(near) }
      let accepted = known.joined(separator: ", ")
      let key = JSONValue.string(member.key).excerpt
      report(
        place, at: member.keyTextPlace,
        "unknown key \(key); expected \(accepted), or a key that begins with x-",
        nearest: near ?? nearest(to: member.key, among: known))
    }
    for (key, expected) in required where absent.contains(key) && !misspelt.contains(key) {
      report(Self.inside(place, key), at: value.textPlace, "missing; expected \(expected)")
    }
    return Fields(value: value, misspelt: misspelt)
  }

  mutating func text(_ value: JSONValue?, _ place: @autoclosure () -> String) -> Located<String>? {
    guard let value else { return nil }
    guard let text = value.string else {
      wrong(place(), value, expected: "a text in quotes")
      return nil
    }
    return Located(text, at: value.textPlace)
  }

  /// `nodes[0] "hidden", units`: a key inside something that has a place already.
  static func inside(_ place: String, _ key: String) -> String { place.isEmpty ? key : "\(place), \(key)" }
}

/// An object with known keys.
struct Fields {
  let value: JSONValue
  /// Known keys that are absent, but stand there misspelt.
  let misspelt: Set<String>

  subscript(key: String) -> JSONValue? { value[key] }
}

/// The names of a graph or block, which its references may use.
struct NameScope {
  /// Where each name was declared first.
  var first: [String: String] = [:]
  /// Names that break the rule for names; a reference to one is no fault of its own.
  var invalid: Set<String> = []
  var isMissingNames = false
}
