import LayerKit
import Tensors
import Verification

/// A call over memory of its own, every buffer between guards, made of a layer alone.
///
/// Outputs, gradients, saved and scratch memory hold the bytes of `prefill` before a run, so that two runs
/// with different ones tell what was not written.
final class GuardedCall {
  let layerCase: LayerCase
  let setting: CallSetting
  let buffers: [Buffer]
  private let signature: Signature
  private let clock = RunClock()

  /// Takes at most `memoryBytes` for one buffer. Throws `Refusal` where that does not do.
  init(_ layerCase: LayerCase, _ setting: CallSetting, memoryBytes: Int = 1 << 28) throws {
    self.layerCase = layerCase
    self.setting = setting
    signature = layerCase.signature(setting)
    clock.seed = 5
    clock.step = 3
    buffers = try GuardedBuffers(layerCase, setting, signature, limit: memoryBytes).all
  }

  /// The buffers of gradients that may be asked for, by their places in `buffers`.
  var gradients: [Int] {
    buffers.indices.filter { [.inputGradient, .parameterGradient].contains(buffers[$0].role) }
  }

  /// The place in `buffers` of what belongs to an input, an output or a parameter.
  func place(_ role: Role, _ index: Int) -> Int? {
    buffers.firstIndex { $0.role == role && $0.index == index }
  }

  /// A call with the gradients asked for whose places in `buffers` are given; it may be run again and again.
  ///
  /// Throws what `prepare` throws.
  func makeCall(asking asked: Set<Int>) throws -> Call {
    func view(_ role: Role, _ index: Int) -> TensorView? {
      place(role, index).flatMap { buffers[$0].view }
    }
    func views(_ roles: Role...) -> [TensorView] {
      buffers.filter { roles.contains($0.role) }.compactMap(\.view)
    }
    func memory(_ role: Role) -> [UnsafeMutableRawPointer] {
      buffers.filter { $0.role == role }.map(\.block.base)
    }
    func gradient(_ role: Role, _ index: Int) -> TensorView? {
      place(role, index).flatMap { asked.contains($0) ? buffers[$0].view : nil }
    }
    return Call(
      name: "node", mode: setting.mode, isDifferentiated: setting.isDifferentiated, clock: clock,
      executor: SerialExecutor(), inputs: signature.inputs.indices.map { view(.input, $0) },
      outputs: views(.output), parameters: views(.parameter, .state),
      saved: memory(.saved), forwardScratch: memory(.forwardScratch),
      backwardScratch: memory(.backwardScratch),
      outputGradients: signature.outputs.indices.map { view(.outputGradient, $0) },
      inputGradients: signature.inputs.indices.map { gradient(.inputGradient, $0) },
      parameterGradients: signature.parameters.indices.map { gradient(.parameterGradient, $0) },
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
