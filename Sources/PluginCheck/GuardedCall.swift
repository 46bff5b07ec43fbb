import Glibc
import Kernels
import LayerKit
import Tensors
import Verification

/// A call over memory of its own, every buffer between guards, made of a layer alone.
///
/// Outputs, gradients, saved and scratch memory hold the bytes of `prefill` before a run, so that two runs with
/// different ones tell what was not written.
final class GuardedCall {
  /// What a buffer is, which says who may write it.
  enum Role: Hashable {
    case input, parameter, state, output, saved, forwardScratch, backwardScratch
    case outputGradient, inputGradient, parameterGradient
  }

  struct Buffer {
    let role: Role
    /// `output y`.
    let label: String
    /// Nil for saved and scratch memory.
    let type: ConcreteType?
    let block: GuardedBlock
    /// What it holds before a run; nil where that is the prefill.
    var first: [UInt8]?
  }

  /// What keeps a call from being made.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  let layerCase: LayerCase
  let setting: CallSetting
  private(set) var buffers: [Buffer] = []
  private let signature: Signature
  private var inputs: [TensorView?] = []
  private let clock = RunClock()

  /// Takes at most `memoryBytes` for one buffer. Throws `Refusal` where that does not do.
  init(_ layerCase: LayerCase, _ setting: CallSetting, memoryBytes: Int = 1 << 28) throws {
    self.layerCase = layerCase
    self.setting = setting
    signature = layerCase.signature(setting)
    clock.seed = 5
    clock.step = 3
    try addInputs(memoryBytes)
    try addParameters(memoryBytes)
    try addOutputs(memoryBytes)
    let workspace = layerCase.layer.workspace(signature)
    try add(workspace.forwardScratch, .forwardScratch, "forward scratch", memoryBytes)
    // A plan without backward gives no saved memory, whatever is asked for.
    if setting.isDifferentiated {
      try add(workspace.saved, .saved, "saved buffer", memoryBytes)
      try add(workspace.backwardScratch, .backwardScratch, "backward scratch", memoryBytes)
      try addGradients(memoryBytes)
    }
  }

  /// The buffers of gradients that may be asked for, by their places in `buffers`.
  var gradients: [Int] {
    buffers.indices.filter { [.inputGradient, .parameterGradient].contains(buffers[$0].role) }
  }

  private func addInputs(_ limit: Int) throws {
    for (index, tensor) in layerCase.inputs.enumerated() {
      guard let tensor, let type = signature.inputs[index] else {
        inputs.append(nil)
        continue
      }
      let block = try block(type.byteCount, "input \(layerCase.inputNames[index])", limit)
      tensor.withBytes { bytes in
        if let base = bytes.baseAddress {
          Kernel.cast(from: base, tensor.elementType, to: block.base, type.element, count: type.count)
        }
      }
      inputs.append(TensorView(block.base, type))
      let label = "input \(layerCase.inputNames[index])"
      buffers.append(Buffer(role: .input, label: label, type: type, block: block, first: block.bytes))
    }
  }

  /// First values, each moved a little, so that none is 0, 1 or like its neighbour.
  private func addParameters(_ limit: Int) throws {
    for (index, declaration) in layerCase.inference.parameters.enumerated() {
      let type = signature.parameters[index]
      let block = try block(type.byteCount, "parameter \(declaration.name)", limit)
      var values = try firstValues(declaration, type.count)
      var numbers = SeededNumbers(seed: UInt64(index) + 21)
      for index in values.indices {
        values[index] = Double(Float(values[index] + numbers.uniform(-0.3...0.3)))
      }
      values.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress {
          Kernel.cast(from: base, .float64, to: block.base, type.element, count: type.count)
        }
      }
      let role = declaration.isTrainable ? Role.parameter : .state
      let label = "\(declaration.isTrainable ? "parameter" : "state") \(declaration.name)"
      buffers.append(Buffer(role: role, label: label, type: type, block: block, first: block.bytes))
    }
  }

  /// What the initializer gives; a plugin may have written it.
  private func firstValues(_ declaration: ParameterDeclaration, _ count: Int) throws -> [Double] {
    let what = "first values of parameter \(declaration.name)"
    guard let numbers = GuardedNumbers<Double>(count: count) else {
      throw Refusal(description: "\(what): no memory for \(count) elements")
    }
    numbers.reset(prefill: 0xFF)
    declaration.initializer.fill(
      UnsafeMutableBufferPointer(start: numbers.pointer, count: count), shape: declaration.shape,
      fanIn: declaration.fanIn, fanOut: declaration.fanOut, key: 17)
    if let damage = numbers.block.damage() { throw Refusal(description: "\(what) are written \(damage)") }
    let values = numbers.values
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw Refusal(description: "\(what): element \(index) is not written, or is \(values[index])")
    }
    return values
  }

  private func addOutputs(_ limit: Int) throws {
    for (index, type) in signature.outputs.enumerated() {
      let label = "output \(layerCase.outputNames[index])"
      let block = try block(type.byteCount, label, limit)
      buffers.append(Buffer(role: .output, label: label, type: type, block: block))
    }
  }

  private func add(_ asked: [Workspace.Buffer], _ role: Role, _ what: String, _ limit: Int) throws {
    for (index, buffer) in asked.enumerated() {
      let bytes =
        switch buffer {
        case .scalars(let count): saturatingProduct(count, setting.inDouble ? 8 : 4)
        case .integers(let count): saturatingProduct(count, 4)
        case .bytes(let count): count
        }
      let block = try block(bytes, "\(what) \(index)", limit)
      buffers.append(Buffer(role: role, label: "\(what) \(index)", type: nil, block: block))
    }
  }

  private func addGradients(_ limit: Int) throws {
    var numbers = SeededNumbers(seed: 33)
    for (index, type) in signature.outputs.enumerated() where type.element.isFloat {
      let label = "gradient of output \(layerCase.outputNames[index])"
      let block = try block(type.byteCount, label, limit)
      let values = (0..<type.count).map { _ in numbers.uniform(0.5...1.5) }
      values.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress {
          Kernel.cast(from: base, .float64, to: block.base, type.element, count: type.count)
        }
      }
      buffers.append(
        Buffer(role: .outputGradient, label: label, type: type, block: block, first: block.bytes))
    }
    let layer = layerCase.layer as? any DifferentiableLayer
    for (index, type) in signature.inputs.enumerated() {
      guard let type, type.element.isFloat, layer?.hasGradient(input: index) == true else { continue }
      let label = "gradient of input \(layerCase.inputNames[index])"
      let block = try block(type.byteCount, label, limit)
      buffers.append(Buffer(role: .inputGradient, label: label, type: type, block: block))
    }
    for (index, declaration) in layerCase.inference.parameters.enumerated() where declaration.isTrainable {
      let type = signature.parameters[index]
      let label = "gradient of parameter \(declaration.name)"
      let block = try block(type.byteCount, label, limit)
      buffers.append(Buffer(role: .parameterGradient, label: label, type: type, block: block))
    }
  }

  private func block(_ bytes: Int, _ label: String, _ limit: Int) throws -> GuardedBlock {
    guard bytes >= 0, bytes <= limit, let block = GuardedBlock(byteCount: bytes) else {
      throw Refusal(description: "\(label) takes \(bytes) bytes, and \(limit) is the most that a check gives")
    }
    return block
  }

  /// A call with the gradients asked for whose places in `buffers` are given; it may be run again and again.
  ///
  /// Throws what `prepare` throws.
  func makeCall(asking asked: Set<Int>) throws -> Call {
    func views(_ role: Role) -> [TensorView] {
      buffers.filter { $0.role == role }.compactMap { buffer in
        buffer.type.map { TensorView(buffer.block.base, $0) }
      }
    }
    func memory(_ role: Role) -> [UnsafeMutableRawPointer] {
      buffers.filter { $0.role == role }.map(\.block.base)
    }
    func gradient(_ label: String) -> TensorView? {
      guard let place = buffers.firstIndex(where: { $0.label == label }), asked.contains(place) else {
        return nil
      }
      return buffers[place].type.map { TensorView(buffers[place].block.base, $0) }
    }
    let parameters = buffers.filter { $0.role == .parameter || $0.role == .state }
    var floats = views(.outputGradient).makeIterator()
    let outputGradients = signature.outputs.map { $0.element.isFloat ? floats.next() : nil }
    return Call(
      name: "node", mode: setting.mode, isDifferentiated: setting.isDifferentiated, clock: clock,
      executor: SerialExecutor(), inputs: inputs, outputs: views(.output),
      parameters: parameters.compactMap { buffer in buffer.type.map { TensorView(buffer.block.base, $0) } },
      saved: memory(.saved), forwardScratch: memory(.forwardScratch),
      backwardScratch: memory(.backwardScratch),
      outputGradients: outputGradients,
      inputGradients: layerCase.inputNames.map { gradient("gradient of input \($0)") },
      parameterGradients: layerCase.inference.parameters.map { gradient("gradient of parameter \($0.name)") },
      prepared: try layerCase.layer.prepare(signature))
  }

  /// Puts every buffer into the state before a run.
  func reset(prefill: UInt8) {
    for buffer in buffers {
      if let first = buffer.first { buffer.block.bytes = first } else { buffer.block.fill(prefill) }
    }
  }

  /// Runs forward alone.
  func forward(_ call: Call) throws {
    if setting.inDouble {
      try call.forward(layerCase.layer, as: Double.self)
    } else {
      try call.forward(layerCase.layer, as: Float.self)
    }
  }

  /// Runs backward alone, where the setting has one.
  func backward(_ call: Call) throws {
    guard setting.isDifferentiated, let layer = layerCase.layer as? any DifferentiableLayer else { return }
    if setting.inDouble {
      try call.backward(layer, as: Double.self)
    } else {
      try call.backward(layer, as: Float.self)
    }
  }

  /// What backward says that it reads.
  var backwardReads: BackwardReads {
    (layerCase.layer as? any DifferentiableLayer)?.backwardReads(signature) ?? .nothing
  }
}
