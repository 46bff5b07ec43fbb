import Diagnostics

/// Reads strict JSON: one pass of our own accepts or refuses the text, then json-c builds the tree.
public enum JSONText {
  /// How deep arrays and objects may be nested where the caller says nothing else.
  public static let defaultDepthLimit = 64

  /// Node and place counters have 32 bits.
  static let longestText = Int(Int32.max) - 1

  /// Reads one JSON value from UTF-8 text.
  ///
  /// Throws exactly one fault: `.input` at the first wrong byte of a text that is not JSON, `.limit` where
  /// the nesting goes too deep. Duplicate keys do not throw; they stand in `JSONDocument.faults`.
  public static func parse(_ bytes: [UInt8], depthLimit: Int = defaultDepthLimit) throws(Faults)
    -> JSONDocument
  {
    guard (1...1024).contains(depthLimit) else {
      throw Faults(Fault(.usage, "the limit of JSON depth is \(depthLimit); it may be 1 to 1024"))
    }
    guard bytes.count <= longestText else {
      throw Faults(
        Fault(.limit, "the text has \(bytes.count) bytes; JSON may have at most \(longestText)"))
    }
    return try bytes.withUnsafeBufferPointer { (buffer) throws(Faults) -> JSONDocument in
      var scanner = Scanner(buffer, depthLimit: depthLimit)
      try scanner.scan()
      let faults = scanner.duplicates.all
      let root = try TreeBuilder.build(scanner.finished(), source: buffer, depthLimit: depthLimit)
      return JSONDocument(root: root, faults: faults, source: bytes)
    }
  }
}

/// A text that is JSON: its value, and the duplicate keys in it.
public struct JSONDocument: Sendable {
  public let root: JSONValue
  /// A fault for every duplicate key, at any depth; the tree holds the first value of each.
  public let faults: [Fault]

  let source: [UInt8]

  /// The source text of a value of this document, byte for byte; compact text for a value made elsewhere.
  public func text(of value: JSONValue) -> String {
    let range = value.range
    guard !range.isEmpty, range.upperBound <= source.count else { return JSONWriter.compactText(value) }
    return String(decoding: source[range], as: UTF8.self)
  }

  /// The value as its source text, for a writer that must keep it as it was written.
  public func verbatim(_ value: JSONValue) -> JSONValue {
    JSONValue(
      .raw(text(of: value)), line: value.line, column: value.column, start: value.start, end: value.end)
  }
}
