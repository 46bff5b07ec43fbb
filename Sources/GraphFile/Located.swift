import Diagnostics
import JSONText

/// A value of the file and where it stands in the text.
public struct Located<Value: Sendable>: Sendable {
  public var value: Value
  /// Line and column; nil for what the program or the command line put in.
  public var place: TextPlace?

  public init(_ value: Value, at place: TextPlace?) {
    self.value = value
    self.place = place
  }
}

extension JSONValue {
  /// Line and column of the value; nil for a value that was not read from the graph's text.
  public var textPlace: TextPlace? { place.line > 0 ? place : nil }
}

extension JSONMember {
  /// Line and column of the key; nil for a member that was not read from the graph's text.
  public var keyTextPlace: TextPlace? { keyPlace.line > 0 ? keyPlace : nil }

  /// Whether the key begins with `x-`: kept, never read.
  public var isExtension: Bool { key.utf8.starts(with: "x-".utf8) }
}
