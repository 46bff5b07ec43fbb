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

/// The Swift that this program was compiled with.
public enum Toolchain {
  /// Its version without the last part, `6.3`; plugins that need another Swift's runtime are refused.
  public static let swift: String = {
    #if compiler(>=7.0)
      "7"
    #elseif compiler(>=6.9)
      "6.9"
    #elseif compiler(>=6.8)
      "6.8"
    #elseif compiler(>=6.7)
      "6.7"
    #elseif compiler(>=6.6)
      "6.6"
    #elseif compiler(>=6.5)
      "6.5"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #elseif compiler(>=6.1)
      "6.1"
    #else
      "6.0"
    #endif
  }()
}

/// The whole numbers between the points of `1.0.2`, without leading zeros; nil for any other text.
func wholeNumbers(of text: String) -> [UInt32]? {
  var numbers: [UInt32] = []
  for word in text.split(separator: ".", omittingEmptySubsequences: false) {
    guard word.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(word),
      word.utf8.count == 1 || word.utf8.first != UInt8(ascii: "0")
    else { return nil }
    numbers.append(number)
  }
  return numbers
}
