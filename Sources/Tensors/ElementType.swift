/// What one element of a tensor is.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  case float32
  case float64
  case int32
  case bool

  /// How many bytes one element takes, in memory and in files.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .float64: 8
    case .bool: 1
    }
  }

  /// Whether the type holds fractions, and so can have a gradient.
  public var isFloat: Bool { self == .float32 || self == .float64 }
}
