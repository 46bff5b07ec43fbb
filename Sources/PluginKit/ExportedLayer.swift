import CPluginABI
import LayerKit

extension nngraph_layer {
  init(_ exported: ExportedComponent) {
    self.init()
    size = MemoryLayout<nngraph_layer>.size
    schema = exported.lastingSchema
    data = exported.lastingData
    inputs_without_gradient = (exported.plain as? any Layer)?.inputsWithoutGradient ?? 0
    // Only without attributes is one layer of this kind like every other.
    if exported.schema.attributes.isEmpty, (exported.plain as? any Layer)?.computesInPlace == true {
      flags = UInt32(NNGRAPH_IN_PLACE)
    }
    infer = { data, inference in
      guard let inference = inference?.pointee, let host = Host(inference.host, inference.context)
      else { return Code.internalFault }
      return ExportedComponent.with(
        data, { exported in host.reporting { try exported.infer(inference, host) } },
        otherwise: Code.internalFault)
    }
    workspace = { data, call in
      nngraph_layer.describe(data, call) { layer, call, host in
        host.ask(layer.workspace(try Signature(call)))
      }
    }
    operations = { data, call in
      var count = 0
      _ = nngraph_layer.describe(data, call) { layer, call, _ in
        count = layer.operations(try Signature(call))
      }
      return Int64(count)
    }
    backward_reads = { data, call, inputs, outputs in
      nngraph_layer.describe(data, call) { layer, call, _ in
        let reads = (layer as? any DifferentiableLayer)?.backwardReads(try Signature(call)) ?? .nothing
        inputs?.pointee = reads.inputs
        outputs?.pointee = reads.outputs
      }
    }
    first_values = { data, call, parameter, key, values in
      nngraph_layer.describe(data, call) { layer, call, _ in
        try layer.fill(parameter: Int(parameter), Signature(call), key, values)
      }
    }
    setRunning(hasGradient: exported.definition.hasGradient == true)
  }

  /// Sets the functions that have a state.
  private mutating func setRunning(hasGradient: Bool) {
    prepare = { data, call, state in
      nngraph_layer.describe(data, call) { layer, call, _ in
        let prepared = try layer.prepare(try Signature(call))
        state?.pointee = Unmanaged.passRetained(LayerState(layer, prepared)).toOpaque()
      }
    }
    destroy = { _, state in ExportedComponent.destroy(state) }
    forward = { _, state, call in
      guard let state, let call else { return Code.internalFault }
      return Unmanaged<LayerState>.fromOpaque(state)._withUnsafeGuaranteedRef { $0.forward(call) }
    }
    guard hasGradient else { return }
    backward = { _, state, call in
      guard let state, let call else { return Code.internalFault }
      return Unmanaged<LayerState>.fromOpaque(state)._withUnsafeGuaranteedRef { $0.backward(call) }
    }
  }

  /// Calls the body with the layer that the call's attributes make.
  private static func describe(
    _ data: UnsafeMutableRawPointer?, _ call: UnsafePointer<nngraph_call>?,
    _ body: (any Layer, nngraph_call, Host) throws -> Void
  ) -> Int32 {
    guard let call = call?.pointee, let host = Host(call.host, call.context) else {
      return Code.internalFault
    }
    return ExportedComponent.with(
      data, { exported in host.reporting { try body(exported.layer(host), call, host) } },
      otherwise: Code.internalFault)
  }
}

extension ExportedComponent {
  /// The layer that the host's attributes make. Throws `LayerFault`, and `CrossingFault` for what of it
  /// cannot cross.
  func layer(_ host: Host) throws -> any Layer {
    let attributes = try host.attributes(schema)
    guard let layer = try definition.component(attributes) as? any Layer else {
      throw CrossingFault("\"\(schema.name)\" is not of its family")
    }
    let given = schema.attributes.first { attribute in
      guard case .component(.activation, _, _) = attribute.kind else { return false }
      return attributes.has(attribute.name)
    }
    guard (layer.activation as? HostActivation)?.attribute == given?.name,
      (layer.activation == nil) == (given == nil)
    else {
      throw CrossingFault(
        "\"\(schema.name)\" has an activation that is not simply its attribute's, which cannot cross")
    }
    return layer
  }

  func infer(_ call: nngraph_inference, _ host: Host) throws {
    let layer = try layer(host)
    // Where the table asks for more gradients than there are, `backward` writes zeros.
    let promised = (plain as? any Layer)?.inputsWithoutGradient ?? 0
    guard layer.inputsWithoutGradient & promised == promised else {
      throw CrossingFault(
        "which inputs of \"\(schema.name)\" have a gradient depends on its attributes, which cannot cross")
    }
    let inputs = UnsafeBufferPointer(
      start: call.inputs, count: call.inputs == nil ? 0 : Int(max(0, call.input_count)))
    var inference = Inference(inputs: try inputs.map { try $0.map(ValueType.init(_:)) })
    try layer.infer(&inference)
    for type in inference.outputs { host.output(type) }
    let float = inference.inputs.compactMap { $0?.element }.first(where: \.isFloat) ?? .float32
    for parameter in inference.parameters {
      guard parameter.element == float else {
        throw CrossingFault(
          "parameter \"\(parameter.name)\" is \(parameter.element.rawValue) where the first float input is "
            + "\(float.rawValue), which cannot cross")
      }
      host.declare(parameter)
    }
  }
}

extension Layer {
  /// Bit i: no gradient reaches input i. Asked of every place that an input can have.
  var inputsWithoutGradient: UInt64 {
    guard let layer = self as? any DifferentiableLayer else { return 0 }
    let ports = schema.leastInputs == nil ? min(64, schema.inputs.count) : 64
    return (0..<ports).reduce(0) { layer.hasGradient(input: $1) ? $0 : $0 | 1 << UInt64($1) }
  }

  /// Writes the first values of a parameter by its own initializer.
  fileprivate func fill(
    parameter: Int, _ signature: Signature, _ key: UInt64, _ values: UnsafeMutablePointer<Double>?
  ) throws {
    var inference = Inference(
      inputs: signature.inputs.map { $0.map { ValueType($0.element, $0.shape.map { Dimension($0) }) } })
    try infer(&inference)
    guard inference.parameters.indices.contains(parameter), let values else {
      throw CrossingFault("the host asks for values of parameter \(parameter), which is not there")
    }
    let declaration = inference.parameters[parameter]
    let count = declaration.shape.reduce(1, saturatingProduct)
    let buffer = UnsafeMutableBufferPointer(start: values, count: count)
    declaration.initializer.fill(
      buffer, shape: declaration.shape, fanIn: declaration.fanIn, fanOut: declaration.fanOut, key: key)
    guard buffer.allSatisfy({ !$0.isNaN }) else {
      throw CrossingFault(
        "the initializer of \"\(declaration.name)\" gives values that are no numbers, or calls "
          + "the initializer of an attribute, which cannot cross")
    }
  }
}
