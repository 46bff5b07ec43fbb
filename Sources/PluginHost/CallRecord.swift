import CPluginABI
import LayerKit
import Tensors

/// A tensor as a record of a call describes it.
struct RecordedTensor {
  var element: ElementType
  var shape: [Int]
  /// Nil where the type alone is known.
  var base: UnsafeMutableRawPointer?
  var isReadOnly = false

  init(_ type: ConcreteType, isReadOnly: Bool = false) {
    (element, shape) = (type.element, type.shape)
    self.isReadOnly = isReadOnly
  }

  init(_ view: TensorView, isReadOnly: Bool = false) {
    self.init(view.type, isReadOnly: isReadOnly)
    base = view.base
  }

  /// A value whose symbols have no sizes yet: each stands for one and the same number.
  init(_ type: ValueType) {
    element = type.element
    // Many layers divide sizes by small numbers; this one most of them divide.
    shape = type.shape.map { max(1, $0.evaluate { _ in 5040 } ?? 1) }
    isReadOnly = true
  }

  var count: Int { shape.reduce(1, saturatingProduct) }
}

/// The struct of a call with every tensor in it, in memory of its own.
final class CallRecord {
  let pointer: UnsafeMutablePointer<nngraph_call>
  private let memory = ForeignMemory()

  /// The tensors of a call.
  struct Tensors {
    var inputs: [RecordedTensor?]
    var outputs: [RecordedTensor] = []
    var parameters: [RecordedTensor] = []
    var outputGradients: [RecordedTensor?] = []
    var inputGradients: [RecordedTensor?] = []
    var parameterGradients: [RecordedTensor?] = []

    /// The float type that the call computes in: that of the first float there is.
    var element: ElementType {
      let all = outputs + inputs.compactMap { $0 } + parameters
      return all.first { $0.element.isFloat }?.element ?? .float32
    }
  }

  init(
    _ tensors: Tensors, context: PluginContext, node: String, mode: Mode, isDifferentiated: Bool,
    saved: [UnsafeMutableRawPointer] = []
  ) {
    var call = nngraph_call()
    call.size = MemoryLayout<nngraph_call>.size
    call.host = HostTable.pointer
    call.context = context.pointer
    call.attributes = context.attributes.text
    call.node = memory.text(node)
    call.element = tensors.element.code
    call.is_training = mode == .training
    call.is_differentiated = isDifferentiated
    call.input_count = Int32(truncatingIfNeeded: tensors.inputs.count)
    call.output_count = Int32(truncatingIfNeeded: tensors.outputs.count)
    call.parameter_count = Int32(truncatingIfNeeded: tensors.parameters.count)
    call.inputs = CallRecord.list(tensors.inputs, count: tensors.inputs.count, memory)
    call.outputs = CallRecord.list(tensors.outputs, count: tensors.outputs.count, memory)
    call.parameters = CallRecord.list(tensors.parameters, count: tensors.parameters.count, memory)
    call.output_gradients = CallRecord.list(tensors.outputGradients, count: tensors.outputs.count, memory)
    call.input_gradients = CallRecord.list(tensors.inputGradients, count: tensors.inputs.count, memory)
    call.parameter_gradients = CallRecord.list(
      tensors.parameterGradients, count: tensors.parameters.count, memory)
    call.saved_count = Int32(truncatingIfNeeded: saved.count)
    call.saved = UnsafePointer(memory.array(saved.map { Optional($0) }))
    call.scratch = UnsafePointer(memory.array([UnsafeMutableRawPointer?]()))
    pointer = memory.one(call)
  }

  /// A copy of the buffers' addresses that lives as long as the record.
  func buffers(_ addresses: [UnsafeMutableRawPointer]) -> UnsafePointer<UnsafeMutableRawPointer?> {
    UnsafePointer(memory.array(addresses.map { Optional($0) }))
  }

  /// Pointers to `count` tensors, null where there is none.
  private static func list(
    _ tensors: [RecordedTensor?], count: Int, _ memory: ForeignMemory
  ) -> UnsafePointer<UnsafePointer<nngraph_tensor>?> {
    let pointers = (0..<count).map { index in
      (index < tensors.count ? tensors[index] : nil).map { foreignTensor($0, memory) }
    }
    return UnsafePointer(memory.array(pointers))
  }

  /// One tensor in C's form.
  static func foreignTensor(_ tensor: RecordedTensor, _ memory: ForeignMemory)
    -> UnsafePointer<nngraph_tensor>
  {
    var made = nngraph_tensor()
    made.size = MemoryLayout<nngraph_tensor>.size
    made.data = tensor.base
    made.count = Int64(tensor.count)
    made.bytes = Int64(saturatingProduct(tensor.count, tensor.element.byteCount))
    made.element = tensor.element.code
    made.rank = Int32(truncatingIfNeeded: tensor.shape.count)
    made.shape = UnsafePointer(memory.array(tensor.shape.map { Int64($0) }))
    var strides = [Int64](repeating: 1, count: tensor.shape.count)
    for axis in strides.indices.dropLast().reversed() {
      strides[axis] = Int64(saturatingProduct(Int(strides[axis + 1]), tensor.shape[axis + 1]))
    }
    made.strides = UnsafePointer(memory.array(strides))
    made.flags = tensor.isReadOnly ? UInt32(NNGRAPH_READ_ONLY) : 0
    return UnsafePointer(memory.one(made))
  }
}
