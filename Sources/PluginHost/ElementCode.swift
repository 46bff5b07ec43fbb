import CPluginABI
import Tensors

extension ElementType {
  /// The number by which plugins know the type.
  var code: Int32 {
    switch self {
    case .float32: Int32(NNGRAPH_FLOAT32)
    case .float64: Int32(NNGRAPH_FLOAT64)
    case .int32: Int32(NNGRAPH_INT32)
    case .bool: Int32(NNGRAPH_BOOL)
    }
  }

  /// The type of a number; nil for one that means none.
  init?(code: Int32) {
    guard let found = ElementType.allCases.first(where: { $0.code == code }) else { return nil }
    self = found
  }

  /// The numbers that mean a type, for messages.
  static let codeText = "1 (float32), 2 (float64), 3 (int32) and 4 (bool)"
}
