import CPluginABI
import Kernels
import LayerKit
import Tensors

/// What the functions of a plugin return.
enum Code {
  static let ok = Int32(NNGRAPH_OK)
  static let refused = Int32(NNGRAPH_REFUSED)
  static let internalFault = Int32(NNGRAPH_INTERNAL)
}

/// What a component of the plugin has, but the interface has no place for; a fault of the plugin's author.
struct CrossingFault: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// The host's functions, and the call that is running.
struct Host {
  let functions: UnsafePointer<nngraph_host>
  let context: OpaquePointer?

  /// Nil where the host gave no functions.
  init?(_ functions: UnsafePointer<nngraph_host>?, _ context: OpaquePointer?) {
    guard let functions else { return nil }
    self.functions = functions
    self.context = context
  }

  /// Runs the body and tells the host what it throws.
  func reporting(_ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return Code.ok
    } catch {
      return report(error)
    }
  }

  /// Tells the host of a fault, in the words of whoever threw it, and returns what the function is to return.
  func report(_ error: any Error) -> Int32 {
    switch error {
    case let fault as LayerFault:
      if let attribute = fault.attribute {
        _ = functions.pointee.refuse_attribute?(context, attribute, fault.message)
      } else if let input = fault.input {
        _ = functions.pointee.refuse_input?(context, Int32(clamping: input), fault.message)
      } else {
        _ = functions.pointee.fail?(context, Code.refused, fault.message)
      }
      return Code.refused
    case let fault as RunFault:
      _ = functions.pointee.refuse_element?(
        context, Int32(clamping: fault.input), Int64(fault.element), fault.message)
      return Code.refused
    case let fault as CrossingFault:
      _ = functions.pointee.fail?(context, Code.internalFault, fault.message)
      return Code.internalFault
    default:
      _ = functions.pointee.fail?(context, Code.internalFault, "\(error)")
      return Code.internalFault
    }
  }
}

extension ElementType {
  init?(code: Int32) {
    switch Int(code) {
    case NNGRAPH_FLOAT32: self = .float32
    case NNGRAPH_FLOAT64: self = .float64
    case NNGRAPH_INT32: self = .int32
    case NNGRAPH_BOOL: self = .bool
    default: return nil
    }
  }

  var code: Int32 {
    switch self {
    case .float32: Int32(NNGRAPH_FLOAT32)
    case .float64: Int32(NNGRAPH_FLOAT64)
    case .int32: Int32(NNGRAPH_INT32)
    case .bool: Int32(NNGRAPH_BOOL)
    }
  }
}

/// Whether what a call computes has 64 bits.
func isDouble(_ element: Int32) -> Bool { Int(element) == NNGRAPH_FLOAT64 }

/// The type that a call computes in, for a generic function that takes it.
func scalarType(_ element: Int32) -> any FloatScalar.Type { isDouble(element) ? Double.self : Float.self }
