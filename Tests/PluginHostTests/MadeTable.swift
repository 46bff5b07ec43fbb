import CPluginABI
import LayerKit
import Tensors

@testable import PluginHost

/// Tables made by the tests themselves, so that each can be wrong in its own way.
enum MadeTable {
  static let identity = PluginIdentity(name: "made", version: "1.0.0", file: "libmade.so")

  /// A text that lives as long as the tests, as what a library holds does.
  static func text(_ text: String) -> UnsafePointer<CChar> { UnsafePointer(ForeignMemory.leaked(text)) }

  /// A layer that gives back its input, changed by `change`.
  static func layer(
    _ schema: String? = #"{"name": "made", "summary": "Copies."}"#,
    _ change: (inout nngraph_layer) -> Void = { _ in }
  ) -> nngraph_layer {
    var layer = nngraph_layer()
    layer.size = MemoryLayout<nngraph_layer>.size
    layer.schema = schema.map(text)
    layer.infer = { _, inference in
      guard let inference = inference?.pointee, let host = inference.host?.pointee,
        let x = inference.inputs[0]?.pointee
      else { return 3 }
      host.output(inference.context, x.element, x.rank, x.sizes)
      return 0
    }
    layer.forward = { _, _, _ in 0 }
    change(&layer)
    return layer
  }

  /// The components of a table with these layers.
  static func load(_ layers: [nngraph_layer?]) throws -> [ComponentDefinition] {
    try load { table, memory in
      table.layer_count = Int32(layers.count)
      table.layers = UnsafePointer(
        memory.array(layers.map { $0.map { UnsafePointer(memory.one($0)) } }))
    }
  }

  /// The components of a table that `fill` makes.
  static func load(_ fill: (inout nngraph_plugin, ForeignMemory) -> Void) throws -> [ComponentDefinition] {
    let memory = ForeignMemory()
    var table = nngraph_plugin()
    table.size = MemoryLayout<nngraph_plugin>.size
    fill(&table, memory)
    return try withExtendedLifetime(memory) {
      try TableReader.components(of: table, identity, log: { _ in })
    }
  }

  /// The layer that a table with this one makes from its defaults.
  static func made(_ layer: nngraph_layer, _ given: [String: AttributeValue] = [:]) throws -> any Layer {
    let definition = try load([layer])[0]
    var values = Attributes(given)
    for attribute in definition.schema.attributes where !values.has(attribute.name) {
      values[attribute.name] = attribute.standard
    }
    guard let layer = try definition.component(values) as? any Layer else { throw LayerFault("no layer") }
    return layer
  }

  /// What `infer` says of a layer over one float input `[batch, 4]`.
  static func inferred(_ layer: nngraph_layer) throws -> Inference {
    var inference = Inference(inputs: [ValueType(.float32, [Dimension(symbol: "batch"), 4])])
    try made(layer).infer(&inference)
    return inference
  }

  /// The message of the fault that `infer` ends with.
  static func refusal(
    _ infer:
      @escaping @convention(c) (
        UnsafeMutableRawPointer?, UnsafePointer<nngraph_inference>?
      ) -> Int32
  ) -> String {
    do {
      _ = try inferred(layer { $0.infer = infer })
      return "no fault"
    } catch {
      return (error as? LayerFault)?.message ?? "\(error)"
    }
  }

  /// One input and one output of four floats.
  static let signature = Signature(
    inputs: [ConcreteType(.float32, [2, 2])], outputs: [ConcreteType(.float32, [2, 2])], parameters: [],
    mode: .inference, isDifferentiated: false)

  /// A call over one input and one output of four floats.
  static func call(_ layer: any Layer, mode: Mode = .inference, executor: any Executor = OneThread()) throws
    -> Call
  {
    let type = ConcreteType(.float32, [2, 2])
    let (x, y) = (ForeignMemory.leakedFloats(4), ForeignMemory.leakedFloats(4))
    return Call(
      name: "node", mode: mode, isDifferentiated: false, clock: RunClock(), executor: executor,
      inputs: [TensorView(x, type)], outputs: [TensorView(y, type)], parameters: [], saved: [],
      forwardScratch: [], backwardScratch: [], outputGradients: [nil], inputGradients: [nil],
      parameterGradients: [], prepared: try layer.prepare(signature))
  }

  /// The report of a forward call.
  static func run(
    _ forward:
      @escaping @convention(c) (
        UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafePointer<nngraph_call>?
      ) -> Int32
  ) -> String {
    report {
      let layer = try made(layer { $0.forward = forward })
      try call(layer).forward(layer, as: Float.self)
    }
  }
}

/// Runs every piece on the calling thread.
struct OneThread: Executor {
  func run(pieces: Int, _ body: (Int) -> Void) { for piece in 0..<pieces { body(piece) } }
}

extension ForeignMemory {
  /// Numbers that live as long as the tests.
  static func leakedFloats(_ count: Int) -> UnsafeMutableRawPointer {
    let block = UnsafeMutablePointer<Float>.allocate(capacity: count)
    block.initialize(repeating: 0, count: count)
    return UnsafeMutableRawPointer(block)
  }

  /// A text that lives as long as the tests.
  static func leaked(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = Array(text.utf8CString)
    let block = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    block.initialize(from: bytes, count: bytes.count)
    return block
  }
}
