import Diagnostics
import GraphFile
import JSONText
import LayerKit

// From a node in the words of the file to a layer with the types of its values.
extension Resolver {
  /// Where each port of a node gets its value; nil where the inputs themselves are faulty.
  mutating func portSources(of node: FlatNode, _ references: inout References) -> [ValueSource]? {
    guard !reader.faults.isFull else { return nil }
    switch node.declaration.inputs {
    case .unreadable: return nil
    case .absent: return []
    case .list(let items):
      return items.enumerated().map { index, item in
        references.source(
          item, scope: node.scope, reader: node.declaration.name.value, "\(node.place), inputs[\(index)]",
          &reader.faults)
      }
    case .named(let pairs):
      let found = pairs.map { pair in
        let place = "\(node.place), inputs.\(pair.port.value.excerpt())"
        return references.source(
          pair.reference, scope: node.scope, reader: node.declaration.name.value, place, &reader.faults)
      }
      guard let schema = entry(node)?.schema else { return found }
      return ordered(pairs, found, schema, node)
    }
  }

  /// The sources of inputs that are given by name, in port order.
  private mutating func ordered(
    _ pairs: [NamedInputs.Pair], _ sources: [ValueSource], _ schema: Schema, _ node: FlatNode
  ) -> [ValueSource]? {
    let ports = schema.portNames
    let required = schema.leastInputs == nil ? schema.inputs.filter { !$0.isOptional }.map(\.name) : ports
    let inputs = NamedInputs(
      pairs, ports: ports, required: required, "\"\(schema.name)\"",
      at: node.declaration.inputsPlace ?? node.declaration.place, node.place)
    guard inputs.ordered(&reader.faults) != nil else { return nil }
    return ports.map { port in
      pairs.firstIndex { $0.port.value == port }.map { sources[$0] } ?? .absent(.own)
    }
  }

  /// The reference at a port of a node, and how messages name it.
  private func text(ofInput port: Int, _ node: FlatNode) -> (TextPlace?, String) {
    let declaration = node.declaration
    switch declaration.inputs {
    case .list(let items) where port < items.count:
      return (items[port].place, "\(node.place), inputs[\(port)]")
    case .named(let pairs):
      let name = entry(node).map { port < $0.schema.portNames.count ? $0.schema.portNames[port] : "" }
      guard let pair = pairs.first(where: { $0.port.value == name }) else { break }
      return (pair.reference.place, "\(node.place), inputs.\(pair.port.value)")
    default: break
    }
    return (declaration.inputsPlace ?? declaration.place, "\(node.place), inputs")
  }

  private func entry(_ node: FlatNode) -> Registry.Entry? {
    node.declaration.op.flatMap { registry.entry(.layer, $0.value.name, version: $0.value.version) }
  }

  /// Makes the layer of a node and gives its values their types.
  mutating func resolveNode(_ index: Int, _ sources: [ValueSource]?, _ references: References) {
    let node = flat[index]
    guard let op = node.declaration.op, let entry = operatorEntry(op, node) else { return }
    let layer = layer(entry, node)
    guard let sources, let ports = ports(sources, entry.schema, node, references), let layer, !isOverValues
    else {
      return
    }
    var inference = Inference(inputs: ports.map { $0.map { values[$0.index].type } })
    do {
      try layer.infer(&inference)
    } catch let fault as LayerFault {
      report(fault, node, entry.schema)
      return
    } catch {
      report(node.declaration.place, node.place, "\"\(entry.schema.name)\": \(error)")
      return
    }
    guard takeValues(inference.outputs.count, node) else { return }
    var made = ResolvedNode(
      layer: layer, schema: entry.schema, inputs: ports, outputs: [], declarations: inference.parameters)
    let names = entry.schema.outputs
    let before = reader.faults.reported
    for (port, type) in inference.outputs.enumerated() {
      made.outputs.append(ValueID(values.count))
      let name = names.flatMap { port < $0.count ? $0[port] : nil } ?? "\(port)"
      let suffix = inference.outputs.count > 1 ? "." + name : ""
      values.append(GraphValue(name: node.name + suffix, type: type))
      checkSize(type, node)
    }
    // What follows from a size that is refused is not reported.
    if reader.faults.reported == before { resolved[index] = made }
  }

  private mutating func operatorEntry(_ op: Located<OperatorReference>, _ node: FlatNode) -> Registry.Entry? {
    let (name, written) = (op.value.name, op.value.description.excerpt())
    if let entry = registry.entry(.layer, name, version: op.value.version) {
      if reader.modules.contains(entry.module) { return entry }
      report(op.place, "\(node.place), op", reader.unlisted(.layer, name, entry.module))
      return nil
    }
    let versions = registry.versions(.layer, name)
    if !versions.isEmpty {
      let known = versions.map { "\"\(name)@\($0)\"" }.joined(separator: ", ")
      report(
        op.place, "\(node.place), op",
        "operator \"\(name)\" has no version \(op.value.version), found \"\(written)\"; accepted: \(known)")
      return nil
    }
    if let owner = registry.absentModules.components[.layer]?[name], !reader.modules.contains(owner) {
      report(op.place, "\(node.place), op", reader.unlisted(.layer, name, owner))
      return nil
    }
    let near = reader.faults.nearest(to: name, among: reader.operators + document.blocks.map(\.name.value))
    // An operator of a plugin that is not there follows from that.
    if reader.isMissingPlugin, near == nil { return nil }
    report(
      op.place, "\(node.place), op", "unknown operator \"\(written)\"; `nngraph ops` lists the operators",
      nearest: near)
    return nil
  }

  private mutating func layer(_ entry: Registry.Entry, _ node: FlatNode) -> (any Layer)? {
    let (text, known) = (node.declaration.place, reader.faults.count)
    let attributes = reader.read(
      node.attributes, entry.schema, place: node.place, at: text, outer: Schema.nodeKeys)
    guard let attributes else {
      var arguments: [String: String] = [:]
      for member in node.declaration.attributes where node.scope != 0 {
        if let name = member.value.string, name.hasPrefix("$") {
          arguments[member.key] = "; the block writes \"\(name.excerpt())\""
        }
      }
      reader.faults.complete(since: known, arguments)
      return nil
    }
    return reader.make(entry, attributes, node.attributes, place: node.place, at: text) as? any Layer
  }

  /// The value at each port; nil where one is missing or faulty.
  private mutating func ports(
    _ sources: [ValueSource], _ schema: Schema, _ node: FlatNode, _ references: References
  ) -> [ValueID?]? {
    let required = schema.inputs.count { !$0.isOptional }
    let fits =
      schema.leastInputs.map { sources.count >= $0 }
      ?? (required...schema.inputs.count).contains(sources.count)
    guard fits else {
      if node.declaration.hasMisspeltInputs(besides: schema.attributes.map(\.name)) { return nil }
      report(
        node.declaration.inputsPlace ?? node.declaration.place, "\(node.place), inputs",
        "\"\(schema.name)\" takes \(schema.inputCountText), found \(sources.count)")
      return nil
    }
    var ports: [ValueID?] = []
    ports.reserveCapacity(max(sources.count, schema.inputs.count))
    var isSound = true
    for (port, source) in sources.enumerated() {
      switch source {
      case .faulty: isSound = false
      case .absent(let origin):
        if schema.leastInputs == nil, schema.inputs[port].isOptional {
          ports.append(nil)
        } else {
          let (text, place) = references.text(of: origin) ?? text(ofInput: port, node)
          let names = schema.portNames
          let name = port < names.count ? names[port] : "\(port)"
          report(text, place, "\"\(node.name)\" is missing its input \"\(name)\", found null")
          isSound = false
        }
      case .input(let index):
        if let id = inputValues[index] { ports.append(id) } else { isSound = false }
      case .node(let index, let name, let origin):
        guard let made = resolved[index] else {
          isSound = false
          continue
        }
        if let id = output(of: made, name) {
          ports.append(id)
        } else {
          isSound = false
          let (text, place) = references.text(of: origin) ?? text(ofInput: port, node)
          reportPort(name ?? "", of: index, made, text, place)
        }
      }
    }
    guard isSound else { return nil }
    if schema.leastInputs == nil {
      while ports.count < schema.inputs.count { ports.append(nil) }
    }
    return ports
  }

  /// The value of a node's port, the first where none is named; nil for a port that it does not have.
  func output(of node: ResolvedNode, _ port: String?) -> ValueID? {
    guard let port else { return node.outputs.first }
    return node.ports.firstIndex(of: port).map { node.outputs[$0] }
  }

  /// Reports a reference to a port that a node does not have.
  mutating func reportPort(
    _ port: String, of index: Int, _ made: ResolvedNode, _ text: TextPlace?, _ place: String
  ) {
    let (name, ports) = (flat[index].name, made.ports)
    let accepted =
      ports.isEmpty ? "its one output is \"\(name)\"" : "accepted: " + ports.joined(separator: ", ")
    report(
      text, place, "\"\(name)\" has no port \"\(port.excerpt())\"; \(accepted)",
      nearest: nearest(to: port, among: ports))
  }

  private mutating func report(_ fault: LayerFault, _ node: FlatNode, _ schema: Schema) {
    var (text, place) = (node.declaration.place, node.place)
    var message = "\"\(schema.name)\": \(fault.message)"
    if let attribute = fault.attribute {
      place += ", \(attribute)"
      if let value = node.attributes.first(where: { $0.key == attribute })?.value {
        text = value.textPlace ?? text
        message = value.beside(message)
      }
    } else if let input = fault.input {
      (text, place) = self.text(ofInput: input, node)
    }
    report(text, place, message)
  }
}

extension Schema {
  /// The names that a file can give the inputs: those of an operator of many are those of a pair.
  var portNames: [String] { (leastInputs == 2 ? Schema.pair : inputs).map(\.name) }

  /// `2 inputs`, `1 to 2 inputs`, `2 or more inputs`.
  fileprivate var inputCountText: String {
    let required = inputs.count { !$0.isOptional }
    if let leastInputs { return "\(leastInputs) or more inputs" }
    return required == inputs.count
      ? "\(required) input\(required == 1 ? "" : "s")" : "\(required) to \(inputs.count) inputs"
  }
}
