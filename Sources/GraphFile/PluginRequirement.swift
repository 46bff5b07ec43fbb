/// A plugin that a graph needs, and the versions of it that will do.
public struct PluginRequirement: Hashable, Sendable {
  public var name: String
  /// Nil where every version will do.
  public var version: VersionConstraint?

  public init(name: String, version: VersionConstraint? = nil) {
    self.name = name
    self.version = version
  }
}

/// A rule for versions: `>=1.2`, `>1`, `<=2.0.1`, `<2`, `=1.2.3`, or `1.2.3`, which means the same as
/// `=1.2.3`.
///
/// Parts of a version that are not written count as 0.
public struct VersionConstraint: Hashable, Sendable, CustomStringConvertible {
  /// How a version is compared with the one that is written.
  public enum Relation: String, Hashable, Sendable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
    case equal = "="
  }

  public let relation: Relation
  /// The constraint as the file writes it.
  public let description: String
  private let version: [Int]

  /// Reads a constraint; nil where the text is none.
  public init?(_ text: String) {
    // The relations of two characters stand before those of one that they begin with.
    let relation = Relation.allCases.first { text.utf8.starts(with: $0.rawValue.utf8) }
    var rest = text.utf8.dropFirst(relation?.rawValue.utf8.count ?? 0)
    rest = rest.drop { $0 == UInt8(ascii: " ") }
    guard let version = Self.parts(String(Substring(rest))) else { return nil }
    self.relation = relation ?? .equal
    self.version = version
    description = text
  }

  /// Whether a version, `1.2.0`, will do; false for a text that is no version.
  public func isSatisfied(by text: String) -> Bool {
    guard let found = Self.parts(text) else { return false }
    switch relation {
    case .atLeast: return !found.lexicographicallyPrecedes(version)
    case .atMost: return !version.lexicographicallyPrecedes(found)
    case .above: return version.lexicographicallyPrecedes(found)
    case .below: return found.lexicographicallyPrecedes(version)
    case .equal: return found == version
    }
  }

  /// One to three whole numbers between points, filled up to three.
  private static func parts(_ text: String) -> [Int]? {
    let words = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...3).contains(words.count) else { return nil }
    var numbers: [Int] = []
    for word in words {
      guard word.utf8.allSatisfy(Names.isDigit), let number = Int(word) else { return nil }
      numbers.append(number)
    }
    return numbers + [Int](repeating: 0, count: 3 - numbers.count)
  }
}
