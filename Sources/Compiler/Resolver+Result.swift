import Diagnostics
import GraphFile
import LayerKit

// From resolved nodes to a network.
extension Resolver {
  /// Gives every value of a node its public names.
  mutating func nameValues(_ references: inout References) {
    for (index, node) in flat.enumerated() where node.isUsed {
      guard let made = resolved[index] else { continue }
      if let first = made.outputs.first, valueNames[node.name] == nil { valueNames[node.name] = first }
      for (name, id) in zip(made.ports, made.outputs) { valueNames["\(node.name).\(name)"] = id }
    }
    // The uses of blocks in the graph itself are values, too.
    for (name, entry) in references.scopes[0].names {
      guard case .use(_, let block) = entry else { continue }
      for port in document.blocks[block].outputs.indices {
        guard let value = value(ValueReference(name: name, port: "\(port)"), "", &references) else {
          continue
        }
        if port == 0 { valueNames[name] = value }
        valueNames["\(name).\(port)"] = value
      }
    }
  }

  /// The outputs of the graph.
  mutating func resolveOutputs(_ references: inout References) -> [NetworkOutput] {
    var outputs: [NetworkOutput] = []
    for output in document.outputs where !reader.faults.isFull {
      if let id = value(output.reference.value, at: output.reference.place, output.path, &references) {
        outputs.append(NetworkOutput(name: output.publicName, value: id))
      }
    }
    return outputs
  }

  /// The value that a reference of the graph itself names; nil where there is none, with a fault.
  private mutating func value(
    _ reference: ValueReference, at text: TextPlace? = nil, _ place: String, _ references: inout References
  ) -> ValueID? {
    let located = Located(InputReference.value(reference), at: text)
    switch references.source(located, scope: 0, place, &reader.faults) {
    case .input(let index): return inputValues[index]
    case .node(let index, let port, let origin):
      guard let made = resolved[index] else { return nil }
      if let id = output(of: made, port) { return id }
      let (text, place) = references.text(of: origin) ?? (text, place)
      reportPort(port ?? "", of: index, made, text, place)
      return nil
    case .absent, .faulty: return nil
    }
  }

  /// Reads how the network is trained; a name that belongs to something faulty is no fault of its own.
  mutating func readTraining(
    _ parameters: [NetworkParameter], _ expansion: BlockExpansion
  ) -> TrainingSettings? {
    guard let json = document.training else { return nil }
    // Blocks that nothing uses may be cut without a fault; then every name of the graph is known.
    let isMissingNodes = expansion.isCut && reader.faults.reported > 0
    var faulty = FaultyNames(isUnsure: document.isMissingNames || isMissingNodes || reader.faults.isFull)
    for (input, value) in zip(document.inputs, inputValues) where value == nil {
      faulty.add(node: input.name.value)
    }
    for (index, node) in flat.enumerated() where resolved[index] == nil && node.isUsed {
      faulty.add(node: node.name)
    }
    for name in expansion.faultyUses { faulty.add(use: name) }
    let values = values
    var training = TrainingReader(
      reader: reader, valueNames: valueNames, types: { values[$0.index].type }, parameters: parameters,
      inputs: document.inputs.map(\.name.value), faulty: faulty)
    let settings = training.read(json)
    reader = training.reader
    return settings
  }

  /// The network of a document without a fault.
  func makeNetwork(
    _ order: [Int], _ outputs: [NetworkOutput], _ parameters: Parameters, _ training: TrainingSettings?
  ) -> Network {
    var lowering = Lowering(values: values)
    var nodes: [NetworkNode] = []
    nodes.reserveCapacity(order.count)
    for index in order where flat[index].isUsed {
      guard let made = resolved[index] else { continue }
      let node = flat[index]
      lowering.add(
        name: node.name, layer: made.layer, inputs: made.inputs, outputs: made.outputs,
        parameters: parameters.byNode[index], segment: node.segment)
      nodes.append(
        NetworkNode(
          name: node.name, op: node.declaration.op?.value.description ?? "", layer: made.layer,
          inputs: made.inputs, outputs: made.outputs, parameters: parameters.byNode[index],
          shared: node.shared, isTrainable: !node.isFrozen, place: node.place,
          text: node.declaration.place ?? TextPlace(line: 0, column: 0)))
    }
    return Network(
      document: document, inputs: inputs, outputs: outputs, nodes: nodes, parameters: parameters.all,
      training: training, graph: lowering.finish(), valueNames: valueNames)
  }
}
