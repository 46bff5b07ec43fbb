import Diagnostics

/// Reads a tree of values strictly, and goes on after a fault, so that all of them are found.
public protocol StrictReader {
  /// What was found wrong so far.
  var faults: [Fault] { get set }
}

/// More faults than anybody reads of one file; a hostile file could have millions.
private let mostFaults = 50

extension StrictReader {
  private mutating func report(_ fault: Fault) {
    if faults.count < mostFaults { faults.append(fault) }
    if faults.count == mostFaults {
      faults.append(Fault(.input, "more than \(mostFaults) faults; the others are left out"))
    }
  }

  /// The values of an object by key; nil for no object.
  ///
  /// A key that is unknown, and one that is required and missing, is a fault.
  public mutating func object(
    _ value: JSONValue, _ place: String, required: [String], optional: [String] = []
  ) -> [String: JSONValue]? {
    guard let members = value.members else {
      refuse(value, place, "expected an object, found \(value.excerpt)")
      return nil
    }
    let known = required + optional
    for member in members where !known.contains(member.key) {
      report(
        Fault(
          text: member.keyPlace, place: place,
          "unknown key \"\(member.key.excerpt())\"; accepted: \(known.joined(separator: ", "))",
          nearest: nearest(to: member.key, among: known)))
    }
    let found = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for key in required where found[key] == nil { refuse(value, place, "the key \"\(key)\" is missing") }
    return found
  }

  /// Reports what is wrong with a value.
  public mutating func refuse(_ value: JSONValue?, _ place: String, _ message: String) {
    report(Fault(text: value?.place, place: place, message))
  }

  /// Reports the value of a key that is not what is accepted; one that is missing was reported with its object.
  public mutating func expected(
    _ what: String, _ keys: [String: JSONValue], _ key: String, _ place: String, nearest: String? = nil
  ) {
    guard let value = keys[key] else { return }
    let inside = place.isEmpty ? key : "\(place), \(key)"
    report(
      Fault(text: value.place, place: inside, "expected \(what), found \(value.excerpt)", nearest: nearest))
  }

  /// What `read` makes of the text of a key; a fault where it makes nothing of it.
  public mutating func text<Value>(
    _ keys: [String: JSONValue], _ key: String, _ place: String, _ accepted: String,
    read: (String) -> Value?
  ) -> Value? {
    if let found = keys[key]?.string.flatMap(read) { return found }
    expected(accepted, keys, key, place)
    return nil
  }

  /// A text that is not empty.
  public mutating func text(_ keys: [String: JSONValue], _ key: String, _ place: String) -> String? {
    text(keys, key, place, "a text that is not empty") { $0.isEmpty ? nil : $0 }
  }

  /// The SHA-256 of a file: 64 small hexadecimal digits.
  public mutating func hash(_ keys: [String: JSONValue], _ key: String, _ place: String) -> String? {
    text(keys, key, place, "64 small hexadecimal digits") { text in
      let isHash = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
      return isHash && text.utf8.count == 64 ? text : nil
    }
  }

  /// One of the words of an enumeration.
  public mutating func word<Word: RawRepresentable & CaseIterable>(
    _ keys: [String: JSONValue], _ key: String, _ place: String, _: Word.Type
  ) -> Word? where Word.RawValue == String {
    let found = keys[key]?.string
    if let word = found.flatMap(Word.init) { return word }
    let words = Word.allCases.map(\.rawValue)
    expected(
      "one of \(words.joined(separator: ", "))", keys, key, place,
      nearest: found.flatMap { nearest(to: $0, among: words) })
    return nil
  }
}
