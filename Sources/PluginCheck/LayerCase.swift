import Kernels
import LayerKit
import NNGraphTestKit
import Tensors
import Verification

/// A layer with inputs that it accepts: what the checks of memory, leaks and threads call.
struct LayerCase {
  /// `operator "gated"`.
  let component: String
  /// `operator "gated", example 2 ("units": 3)`.
  let place: String
  let layer: any Layer
  let inputs: [Tensor?]
  let inference: Inference
  let inputNames: [String]
  let outputNames: [String]

  /// Throws what `infer` throws.
  init(
    component: String, place: String, schema: Schema?, layer: any Layer, inputs: [Tensor?]
  ) throws {
    self.component = component
    self.place = place
    self.layer = layer
    // As in a graph, optional inputs at the end may be left out, and are there as absent ones.
    let ports = schema.flatMap { $0.leastInputs == nil ? $0.inputs.count : nil } ?? 0
    let inputs = inputs + [Tensor?](repeating: nil, count: max(0, ports - inputs.count))
    self.inputs = inputs
    var inference = Inference(
      inputs: inputs.map { $0.map { ValueType($0.elementType, $0.shape.map { Dimension($0) }) } })
    try layer.infer(&inference)
    self.inference = inference
    inputNames = inputs.indices.map { index in
      schema.flatMap { $0.inputs.indices.contains(index) ? $0.inputs[index].name : nil } ?? "\(index)"
    }
    outputNames = inference.outputs.indices.map { index in
      schema?.outputs.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? "\(index)"
    }
  }

  /// The case of an example.
  init(_ use: CheckedUse, _ graph: ExampleGraph, _ registry: Registry) throws {
    var numbers = SeededNumbers(seed: 11)
    let (name, version) = Self.operatorName(use.op)
    try self.init(
      component: use.component, place: use.name,
      schema: registry.entry(.layer, name, version: version)?.schema, layer: graph.layer,
      inputs: use.example.inputs.map { try $0?.tensor(&numbers) })
  }

  /// The name and the version of `gated@2`.
  static func operatorName(_ text: String) -> (String, Int) {
    let words = text.split(separator: "@")
    return (words.first.map(String.init) ?? text, words.count > 1 ? Int(words[1]) ?? 1 : 1)
  }

  /// Whether backward has anything to do: a float output, and an input or a parameter that a gradient
  /// reaches.
  var isDifferentiable: Bool {
    guard let layer = layer as? any DifferentiableLayer else { return false }
    let reached = inference.inputs.enumerated().contains { index, type in
      type?.element.isFloat == true && layer.hasGradient(input: index)
    }
    return inference.outputs.contains { $0.element.isFloat }
      && (reached || inference.parameters.contains(where: \.isTrainable))
  }

  /// The sizes of a call.
  func signature(_ setting: CallSetting) -> Signature {
    Signature(
      inputs: inputs.map { $0.map { ConcreteType(setting.element($0.elementType), $0.shape) } },
      outputs: inference.outputs.map { output in
        ConcreteType(setting.element(output.element), output.shape.map { $0.number ?? 0 })
      },
      parameters: inference.parameters.map { ConcreteType(setting.element($0.element), $0.shape) },
      mode: setting.mode, isDifferentiated: setting.isDifferentiated)
  }
}

/// How a call computes.
struct CallSetting: Hashable, CustomStringConvertible {
  var mode = Mode.training
  var isDifferentiated = false
  var inDouble = false

  /// The type that a float has in the call.
  func element(_ declared: ElementType) -> ElementType {
    declared.isFloat ? inDouble ? .float64 : .float32 : declared
  }

  var description: String {
    "\(mode.rawValue)\(isDifferentiated ? "" : " without backward"), \(inDouble ? 64 : 32) bits"
  }

  /// Every setting that a case can be called in.
  static func all(_ layerCase: LayerCase) -> [CallSetting] {
    let passes = layerCase.isDifferentiable ? [true, false] : [false]
    return [Mode.training, .inference].flatMap { mode in
      passes.flatMap { isDifferentiated in
        [false, true].map { CallSetting(mode: mode, isDifferentiated: isDifferentiated, inDouble: $0) }
      }
    }
  }
}

/// Runs every piece on the calling thread, in order.
struct SerialExecutor: Executor {
  func run(pieces: Int, _ body: (Int) -> Void) {
    for piece in 0..<max(0, pieces) { body(piece) }
  }
}
