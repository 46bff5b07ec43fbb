import CPluginABI
import LayerKit
import Tensors

/// A type in C's form.
func foreignType(_ type: ValueType, _ memory: ForeignMemory) -> UnsafePointer<nngraph_type> {
  var made = nngraph_type()
  made.size = MemoryLayout<nngraph_type>.size
  made.element = type.element.code
  made.rank = Int32(truncatingIfNeeded: type.rank)
  made.sizes = UnsafePointer(memory.array(type.shape.map { Optional(memory.text("\($0)")) }))
  made.numbers = UnsafePointer(memory.array(type.shape.map { Int64($0.number ?? -1) }))
  return UnsafePointer(memory.one(made))
}

extension LayerCore {
  /// Asks the plugin for the types of outputs and parameters. Throws `LayerFault`.
  func infer(_ inference: inout Inference) throws {
    let memory = ForeignMemory()
    let inputs = inference.inputs
    let context = context(inputs.map { $0.map { $0.count.number ?? -1 } })
    var question = nngraph_inference()
    question.size = MemoryLayout<nngraph_inference>.size
    question.host = HostTable.pointer
    question.context = context.pointer
    question.attributes = attributes.text
    question.input_count = Int32(truncatingIfNeeded: inputs.count)
    question.inputs = UnsafePointer(memory.array(inputs.map { $0.map { foreignType($0, memory) } }))
    let said = withExtendedLifetime(memory) {
      context.run(.infer) { table.infer?(table.data, &question) ?? Int32(NNGRAPH_INTERNAL) }
    }
    if let said { throw origin.layerFault(said) }
    let given = context.collected
    if let fault = faults(of: given.outputs, inputs) {
      throw LayerFault("\(origin.title) \(fault)")
    }
    for output in given.outputs { inference.output(output) }
    for (index, asked) in given.parameters.enumerated() {
      let initializer: any Initializer
      if asked.hasOwnValues, let function = table.first_values {
        let types = ownValueTensors(given.parameters, inputs, given.outputs)
        initializer = OwnValues(core: self, function: function, parameter: index, tensors: types)
      } else if asked.hasOwnValues {
        throw LayerFault(
          "\(origin.title) asks for own values of parameter \"\(asked.name)\", but has no `first_values`")
      } else {
        initializer = asked.initializer.map(self.initializer) ?? ConstantInitializer(asked.value)
      }
      if asked.isState {
        inference.state(asked.name, asked.shape, initializer)
      } else {
        inference.parameter(
          asked.name, asked.shape, initializer, fanIn: asked.fanIn, fanOut: asked.fanOut)
      }
    }
  }

  /// What is wrong with the outputs that were given, or nil.
  private func faults(of outputs: [ValueType], _ inputs: [ValueType?]) -> String? {
    if let names = schema.outputs, names.count != outputs.count {
      let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
      return "gives \(outputs.count) outputs; its schema has \(names.count): \(list)"
    }
    if outputs.isEmpty { return "gives no output" }
    let symbols = inputs.reduce(into: Set<String>()) { found, input in
      for size in input?.shape ?? [] { found.formUnion(size.symbols) }
    }
    for (index, output) in outputs.enumerated() {
      for size in output.shape {
        if let number = size.number, number < 1 { return "gives output \(index) the size \(number)" }
        if let unknown = size.symbols.subtracting(symbols).min() {
          let known =
            symbols.isEmpty ? "they have none" : "they have " + symbols.sorted().joined(separator: ", ")
          return "gives output \(index) a size \"\(unknown)\", which no input has; \(known)"
        }
      }
    }
    return nil
  }

  /// What `first_values` sees; its parameters have the element type that `Inference` gives them.
  private func ownValueTensors(
    _ parameters: [AskedParameter], _ inputs: [ValueType?], _ outputs: [ValueType]
  ) -> CallRecord.Tensors {
    let float = inputs.compactMap { $0 }.first { $0.element.isFloat }?.element ?? .float32
    var tensors = CallRecord.Tensors(inputs: inputs.map { $0.map { RecordedTensor($0) } })
    tensors.outputs = outputs.map { RecordedTensor($0) }
    tensors.parameters = parameters.map { RecordedTensor(ConcreteType(float, $0.shape)) }
    return tensors
  }
}
