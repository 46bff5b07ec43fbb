import Diagnostics

/// A JSON value and where it stands in its text.
public struct JSONValue: Sendable {
  /// What the value is.
  public enum Kind: Sendable {
    case null
    case boolean(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
    /// A whole JSON value as its text, to be written as it stands; only for output.
    case raw(String)
  }

  public let kind: Kind

  // 32 bits each: a value takes 32 bytes, and an array may hold tens of millions of them.
  let line: UInt32
  let column: UInt32
  let start: UInt32
  let end: UInt32

  init(_ kind: Kind, line: UInt32 = 0, column: UInt32 = 0, start: UInt32 = 0, end: UInt32 = 0) {
    self.kind = kind
    self.line = line
    self.column = column
    self.start = start
    self.end = end
  }

  /// Line and column of the value's first byte; 0:0 for a value that was not read from a text.
  public var place: TextPlace { TextPlace(line: Int(line), column: Int(column)) }

  /// The value's bytes in its source text; empty for a value that was not read from a text.
  public var range: Range<Int> { Int(start)..<Int(end) }
}

/// A key of an object with its value.
public struct JSONMember: Sendable {
  public let key: String
  public let value: JSONValue
  let keyLine: UInt32
  let keyColumn: UInt32

  init(key: String, value: JSONValue, keyLine: UInt32 = 0, keyColumn: UInt32 = 0) {
    self.key = key
    self.value = value
    self.keyLine = keyLine
    self.keyColumn = keyColumn
  }

  /// A member for output, without a place.
  public init(key: String, value: JSONValue) {
    self.init(key: key, value: value, keyLine: 0, keyColumn: 0)
  }

  /// Line and column of the key's opening quote.
  public var keyPlace: TextPlace { TextPlace(line: Int(keyLine), column: Int(keyColumn)) }
}

extension JSONValue {
  /// The value of the member with that key, code point by code point; nil also where this is no object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key.hasSameBytes(as: key) }?.value
  }

  /// The members of an object in the order of the text.
  public var members: [JSONMember]? {
    if case .object(let members) = kind { return members }
    return nil
  }

  /// The elements of an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = kind { return elements }
    return nil
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let string) = kind { return string }
    return nil
  }

  /// The number, as it was written.
  public var number: JSONNumber? {
    if case .number(let number) = kind { return number }
    return nil
  }

  /// The integer of a number written `16` or `16.0`.
  public var integer: Int? { number?.integer }

  /// The finite number that a JSON number reads as.
  public var double: Double? { number?.double }

  /// The truth of `true` or `false`.
  public var boolean: Bool? {
    if case .boolean(let truth) = kind { return truth }
    return nil
  }

  public var isNull: Bool {
    if case .null = kind { return true }
    return false
  }

  /// What the value is, in the words of a message: `a string`, `an object`.
  public var kindName: String {
    switch kind {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    case .raw: "a JSON text"
    }
  }

  /// The value as a short text on one line for a message: numbers as written, strings in their quotes.
  public var excerpt: String {
    var out = FlatText(.spaced, columns: 60)
    let whole = out.append(self)
    let text = String(decoding: out.bytes, as: UTF8.self).quotedForTerminal
    return whole ? text : text + "..."
  }
}

/// Values made by the program, for output.
extension JSONValue {
  public static let null = JSONValue(.null)
  public static func boolean(_ truth: Bool) -> JSONValue { JSONValue(.boolean(truth)) }
  public static func string(_ text: String) -> JSONValue { JSONValue(.string(text)) }
  public static func integer(_ number: Int) -> JSONValue { JSONValue(.number(JSONNumber(number))) }
  public static func array(_ elements: [JSONValue]) -> JSONValue { JSONValue(.array(elements)) }
  public static func object(_ members: [JSONMember]) -> JSONValue { JSONValue(.object(members)) }

  /// A number in canonical form; `null` where it is not finite, for which JSON has no number.
  public static func double(_ number: Double) -> JSONValue {
    JSONNumber(number).map { JSONValue(.number($0)) } ?? .null
  }

  /// An object whose members stand in the order given.
  public static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(members.map { JSONMember(key: $0.0, value: $0.1) })
  }

  /// A whole JSON value as its text; the caller knows that it is JSON.
  public static func raw(_ text: String) -> JSONValue { JSONValue(.raw(text)) }
}

extension String {
  /// Equal code points; `==` also takes two spellings of an accented letter for one.
  func hasSameBytes(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}

extension JSONValue {
  /// Another value at the same place of the text.
  public func replacing(kind: Kind) -> JSONValue {
    JSONValue(kind, line: line, column: column, start: start, end: end)
  }
}

extension JSONMember {
  /// The same key with another value.
  public func replacing(value: JSONValue) -> JSONMember {
    JSONMember(key: key, value: value, keyLine: keyLine, keyColumn: keyColumn)
  }
}
