/// A value of the graph as a file names it: an input, a node's first output, or `node.port`.
public struct ValueReference: Hashable, Sendable, CustomStringConvertible {
  /// The graph input or the node.
  public var name: String
  /// The output of a node that has several: a name, or a number as text.
  public var port: String?

  public init(name: String, port: String? = nil) {
    self.name = name
    self.port = port
  }

  /// Reads `name` or `name.port`; nil for any other text.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, Names.isNodeName(first) else { return nil }
    name = String(first)
    if parts.count > 1 {
      guard Names.isPortName(parts[1]) else { return nil }
      port = String(parts[1])
    }
  }

  /// The reference as the file writes it.
  public var description: String { port.map { "\(name).\($0)" } ?? name }
}

/// The operator or block that a node uses, `dense` or `dense@2`; without a version it is version 1.
public struct OperatorReference: Hashable, Sendable, CustomStringConvertible {
  public var name: String
  public var version: Int
  /// The text as the file has it.
  public let description: String

  /// Reads `name` or `name@version`; nil where a part is empty or the version is no whole number from 1.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty else { return nil }
    name = String(first)
    version = 1
    description = text
    if parts.count > 1 {
      guard parts[1].utf8.allSatisfy(Names.isDigit), parts[1].utf8.first != UInt8(ascii: "0"),
        let number = Int(parts[1])
      else { return nil }
      version = number
    }
  }
}
