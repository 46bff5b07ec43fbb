import CPluginABI
import LayerKit
import Tensors

extension ValueType {
  /// What the host says of a value. Throws `CrossingFault` for a type or a size that is none.
  init(_ type: UnsafePointer<nngraph_type>?) throws {
    guard let type = type?.pointee, let element = ElementType(code: type.element) else {
      throw CrossingFault("the host gives a value no type that the interface has")
    }
    var shape: [Dimension] = []
    for axis in 0..<Int(max(0, type.rank)) {
      if let number = type.numbers?[axis], number >= 0 {
        shape.append(Dimension(Int(number)))
      } else if let text = type.sizes?[axis], let size = Dimension(String(cString: text)) {
        shape.append(size)
      } else {
        throw CrossingFault("the host gives axis \(axis) a size that is none")
      }
    }
    self.init(element, shape)
  }
}

extension ConcreteType {
  /// The type of a tensor. Throws `CrossingFault` for a type that is none.
  init(_ tensor: UnsafePointer<nngraph_tensor>) throws {
    guard let element = ElementType(code: tensor.pointee.element) else {
      throw CrossingFault("the host gives a tensor no type that the interface has")
    }
    self.init(element, integers(tensor.pointee.shape, tensor.pointee.rank))
  }
}

extension TensorView {
  /// A view on a tensor of the host; nil for a type that is none.
  init?(_ tensor: UnsafePointer<nngraph_tensor>) {
    guard let type = try? ConcreteType(tensor) else { return nil }
    self.init(address(tensor), type)
  }
}

/// Where the tensor's elements stand; where it has none, some address that nobody reads.
func address(_ tensor: UnsafePointer<nngraph_tensor>) -> UnsafeMutableRawPointer {
  tensor.pointee.data ?? UnsafeMutableRawPointer(mutating: UnsafeRawPointer(tensor))
}

/// A C array of tensors; an entry is nil for what is absent.
typealias TensorTable = UnsafePointer<UnsafePointer<nngraph_tensor>?>

/// The entries of a table; nil everywhere where there is none.
func tensors(_ table: TensorTable?, _ count: Int32) -> [UnsafePointer<nngraph_tensor>?] {
  let count = Int(max(0, count))
  guard let table else { return Array(repeating: nil, count: count) }
  return Array(UnsafeBufferPointer(start: table, count: count))
}

extension Signature {
  /// The types of a call.
  init(_ call: nngraph_call) throws {
    func types(_ table: TensorTable?, _ count: Int32) throws -> [ConcreteType?] {
      try tensors(table, count).map { try $0.map(ConcreteType.init(_:)) }
    }
    self.init(
      inputs: try types(call.inputs, call.input_count),
      outputs: try types(call.outputs, call.output_count).compactMap { $0 },
      parameters: try types(call.parameters, call.parameter_count).compactMap { $0 },
      mode: call.is_training ? .training : .inference, isDifferentiated: call.is_differentiated)
  }
}
