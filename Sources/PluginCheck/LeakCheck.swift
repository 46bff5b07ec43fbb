import Diagnostics
import Kernels
import LayerKit
import Tensors

/// Looks for what the calls of a plugin keep; a layer of the host's own shows first that the host keeps
/// nothing.
struct LeakCheck {
  let log: CheckLog
  /// What the host itself keeps, in bytes of as many calls as the meter counts; 0 unless the machine is odd.
  private let control: Int

  /// Whether anything is measured: what a call keeps shows only where nothing else in the process takes memory.
  private let isAlone: Bool

  /// Measures the host by itself.
  init(_ log: CheckLog, isAlone: Bool) {
    self.log = log
    self.isAlone = isAlone
    guard isAlone else {
      control = 0
      return
    }
    log.begins("calls of the host's own layer, which shows what the host keeps")
    control = LeakCheck.control()
    if control > 0 {
      log.found(
        .leaks, "",
        "the host's own layer keeps \(control) bytes in \(LeakMeter.repetitions) calls; what plugins keep "
          + "is counted above that")
    }
  }

  private static func control() -> Int {
    let input = Tensor(shape: [3], [Float(1), 2, 3])
    guard
      let own = try? LayerCase(
        component: "", place: "", schema: nil, layer: ControlLayer(), inputs: [input]),
      let guarded = try? GuardedCall(own, CallSetting(isDifferentiated: true)),
      let call = try? guarded.makeCall(asking: Set(guarded.gradients))
    else { return 0 }
    let found = try? LeakMeter.growth {
      try guarded.forward(call)
      try guarded.backward(call)
      _ = try guarded.makeCall(asking: [])
    }
    return (found ?? nil)?.bytes ?? 0
  }

  /// Checks the functions of a layer over one case.
  func run(_ layerCase: LayerCase) {
    guard isAlone else { return }
    let isDifferentiable = layerCase.isDifferentiable
    let setting = CallSetting(isDifferentiated: isDifferentiable)
    do {
      let guarded = try GuardedCall(layerCase, setting)
      let asked = Set(guarded.gradients)
      let call = try guarded.makeCall(asking: asked)
      guarded.reset(prefill: 0)
      try measure("forward", layerCase.component, layerCase.place) { try guarded.forward(call) }
      if isDifferentiable {
        try measure("backward", layerCase.component, layerCase.place) {
          guarded.reset(prefill: 0)
          try guarded.forward(call)
          try guarded.backward(call)
        }
      }
      let signature = layerCase.signature(setting)
      try measure("prepare and destroy", layerCase.component, layerCase.place) {
        _ = try layerCase.layer.prepare(signature)
      }
      try measure("infer", layerCase.component, layerCase.place) {
        var inference = Inference(inputs: layerCase.inference.inputs)
        try layerCase.layer.infer(&inference)
      }
      measure("workspace and operations", layerCase.component, layerCase.place) {
        _ = layerCase.layer.workspace(signature)
        _ = layerCase.layer.operations(signature)
        _ = (layerCase.layer as? any DifferentiableLayer)?.backwardReads(signature)
      }
    } catch {
      // What keeps the call from running is reported where memory is checked.
      return
    }
  }

  /// Runs one function again and again.
  func measure(
    _ function: String, _ component: String, _ place: String, _ call: () throws -> Void
  ) rethrows {
    guard isAlone else { return }
    let what = "\(function) of \(place), \(LeakMeter.repetitions) times and more"
    log.begins(what)
    log.counted(.leaks)
    guard var grown = try LeakMeter.growth(between: { log.begins(what) }, call) else { return }
    grown.bytes = max(0, grown.bytes - control)
    guard grown != Holdings() else { return }
    // What forward keeps, a pass of both keeps too.
    let key = function == "backward" ? "forward \(grown.text)" : "\(function) \(grown.text)"
    log.found(.leaks, component, key: key, "\(function) keeps \(grown.text) (\(place))")
  }
}

/// A layer of the host's own: what its calls keep, the host keeps.
private struct ControlLayer: DifferentiableLayer {
  static let examples: [Example] = []
  static let schema = Schema("leak_control", "Copies its input.")

  init() {}
  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.outputs[0].base.copyMemory(from: call.view().base, byteCount: call.view().type.byteCount)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let target = call.inputGradients[0], let source = call.outputGradients[0] else { return }
    target.base.copyMemory(from: source.base, byteCount: source.type.byteCount)
  }
}
