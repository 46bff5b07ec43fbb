import Kernels
import LayerKit
import Tensors
import Verification

/// Makes the buffers of a call, each of at most `limit` bytes, and fills what the layer reads.
///
/// Every function throws `GuardedCall.Refusal` where a buffer takes more, or the system has no memory.
struct GuardedBuffers {
  let layerCase: LayerCase
  let setting: CallSetting
  let signature: Signature
  let limit: Int
  private(set) var all: [GuardedCall.Buffer] = []

  init(_ layerCase: LayerCase, _ setting: CallSetting, _ signature: Signature, limit: Int) throws {
    self.layerCase = layerCase
    self.setting = setting
    self.signature = signature
    self.limit = limit
    try addInputs()
    try addParameters()
    for (index, type) in signature.outputs.enumerated() {
      try add(.output, index, "output \(layerCase.outputNames[index])", type)
    }
    let workspace = layerCase.layer.workspace(signature)
    try add(workspace.forwardScratch, .forwardScratch, "forward scratch")
    // A plan without backward gives no saved memory, whatever is asked for.
    guard setting.isDifferentiated else { return }
    try add(workspace.saved, .saved, "saved buffer")
    try add(workspace.backwardScratch, .backwardScratch, "backward scratch")
    try addGradients()
  }

  private mutating func addInputs() throws {
    for (index, tensor) in layerCase.inputs.enumerated() {
      guard let tensor, let type = signature.inputs[index] else { continue }
      try add(.input, index, "input \(layerCase.inputNames[index])", type) { base in
        tensor.withBytes { bytes in
          guard let source = bytes.baseAddress else { return }
          Kernel.cast(from: source, tensor.elementType, to: base, type.element, count: type.count)
        }
      }
    }
  }

  /// First values, each moved a little, so that none is 0, 1 or like its neighbour.
  private mutating func addParameters() throws {
    for (index, declaration) in layerCase.inference.parameters.enumerated() {
      let type = signature.parameters[index]
      let role = declaration.isTrainable ? GuardedCall.Role.parameter : .state
      let label = "\(declaration.isTrainable ? "parameter" : "state") \(declaration.name)"
      guard type.byteCount <= limit else { throw refusal(type.byteCount, label) }
      var values = try firstValues(declaration, type.count)
      var numbers = SeededNumbers(seed: UInt64(index) + 21)
      for index in values.indices {
        values[index] = Double(Float(values[index] + numbers.uniform(-0.3...0.3)))
      }
      try add(role, index, label, type, values)
    }
  }

  /// What the initializer gives; a plugin may have written it.
  private func firstValues(_ declaration: ParameterDeclaration, _ count: Int) throws -> [Double] {
    let what = "first values of parameter \(declaration.name)"
    guard let numbers = GuardedNumbers<Double>(count: count) else {
      throw GuardedCall.Refusal(description: "\(what): no memory for \(count) elements")
    }
    numbers.reset(prefill: 0xFF)
    declaration.initializer.fill(
      UnsafeMutableBufferPointer(start: numbers.pointer, count: count), shape: declaration.shape,
      fanIn: declaration.fanIn, fanOut: declaration.fanOut, key: 17)
    if let damage = numbers.block.damage() {
      throw GuardedCall.Refusal(description: "\(what) are written \(damage)")
    }
    let values = numbers.values
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw GuardedCall.Refusal(
        description: "\(what): element \(index) is not written, or is \(values[index])")
    }
    return values
  }

  private mutating func addGradients() throws {
    var numbers = SeededNumbers(seed: 33)
    for (index, type) in signature.outputs.enumerated() where type.element.isFloat {
      let label = "gradient of output \(layerCase.outputNames[index])"
      guard type.byteCount <= limit else { throw refusal(type.byteCount, label) }
      try add(.outputGradient, index, label, type, (0..<type.count).map { _ in numbers.uniform(0.5...1.5) })
    }
    let layer = layerCase.layer as? any DifferentiableLayer
    for (index, type) in signature.inputs.enumerated() {
      guard let type, type.element.isFloat, layer?.hasGradient(input: index) == true else { continue }
      try add(.inputGradient, index, "gradient of input \(layerCase.inputNames[index])", type)
    }
    for (index, declaration) in layerCase.inference.parameters.enumerated() where declaration.isTrainable {
      let type = signature.parameters[index]
      try add(.parameterGradient, index, "gradient of parameter \(declaration.name)", type)
    }
  }

  /// Saved or scratch memory.
  private mutating func add(_ asked: [Workspace.Buffer], _ role: GuardedCall.Role, _ what: String) throws {
    for (index, buffer) in asked.enumerated() {
      let bytes =
        switch buffer {
        case .scalars(let count): saturatingProduct(count, setting.inDouble ? 8 : 4)
        case .integers(let count): saturatingProduct(count, 4)
        case .bytes(let count): count
        }
      let label = "\(what) \(index)"
      let block = try block(bytes, label)
      all.append(GuardedCall.Buffer(role: role, index: index, label: label, type: nil, block: block))
    }
  }

  /// Memory that a function writes.
  private mutating func add(
    _ role: GuardedCall.Role, _ index: Int, _ label: String, _ type: ConcreteType
  ) throws {
    let block = try block(type.byteCount, label)
    all.append(GuardedCall.Buffer(role: role, index: index, label: label, type: type, block: block))
  }

  /// Memory that holds what `fill` writes before every run.
  private mutating func add(
    _ role: GuardedCall.Role, _ index: Int, _ label: String, _ type: ConcreteType,
    fill: (UnsafeMutableRawPointer) -> Void
  ) throws {
    let block = try block(type.byteCount, label)
    fill(block.base)
    all.append(
      GuardedCall.Buffer(
        role: role, index: index, label: label, type: type, block: block, first: block.bytes))
  }

  private mutating func add(
    _ role: GuardedCall.Role, _ index: Int, _ label: String, _ type: ConcreteType, _ values: [Double]
  ) throws {
    try add(role, index, label, type) { base in
      values.withUnsafeBytes { bytes in
        guard let source = bytes.baseAddress else { return }
        Kernel.cast(from: source, .float64, to: base, type.element, count: type.count)
      }
    }
  }

  private func block(_ bytes: Int, _ label: String) throws -> GuardedBlock {
    guard bytes >= 0, bytes <= limit, let block = GuardedBlock(byteCount: bytes) else {
      throw refusal(bytes, label)
    }
    return block
  }

  private func refusal(_ bytes: Int, _ label: String) -> GuardedCall.Refusal {
    GuardedCall.Refusal(
      description: "\(label) takes \(bytes) bytes, and \(limit) is the most that a check gives")
  }
}
