/// The patterns of FORMAT's names, over ASCII alone.
enum Names {
  static let nodePattern = "a letter or \"_\", then letters, digits and \"_\""
  static let graphPattern = "a letter or digit, then letters, digits, \".\", \"_\" and \"-\""
  static let pluginPattern = "a small letter, then small letters, digits and \"_\""

  /// `[A-Za-z_][A-Za-z0-9_]*`: nodes, inputs, symbols, blocks, arguments.
  static func isNodeName(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return isPortName(text)
  }

  /// `[A-Za-z0-9_]+`: the ports of a node, by name or by number.
  static func isPortName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  /// `[A-Za-z0-9][A-Za-z0-9._-]*`: the graph itself.
  static func isGraphName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) || isDigit(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "._-".utf8.contains($0) }
  }

  /// `[a-z][a-z0-9_]*`: plugins.
  static func isPluginName(_ text: String) -> Bool {
    guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
