import CPluginABI

/// The version of the interface between the program and a plugin: `1.0`.
public struct InterfaceVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Differs where plugins of one cannot be loaded by the other.
  public let major: UInt32
  /// Grows with what the interface offers.
  public let minor: UInt32

  /// A version.
  public init(major: UInt32, minor: UInt32) {
    self.major = major
    self.minor = minor
  }

  /// Reads `1.0`: two whole numbers with a point between them; nil for any other text.
  public init?(_ text: String) {
    guard let numbers = wholeNumbers(of: text), numbers.count == 2 else { return nil }
    self.init(major: numbers[0], minor: numbers[1])
  }

  /// The version that this program has.
  public static let current = InterfaceVersion(
    major: UInt32(NNGRAPH_INTERFACE_MAJOR), minor: UInt32(NNGRAPH_INTERFACE_MINOR))

  /// `1.0`.
  public var description: String { "\(major).\(minor)" }

  /// Whether the version is older.
  public static func < (a: InterfaceVersion, b: InterfaceVersion) -> Bool {
    (a.major, a.minor) < (b.major, b.minor)
  }
}
