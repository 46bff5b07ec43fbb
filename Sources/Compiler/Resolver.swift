import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Tensors

extension Network {
  /// A network, as far as one could be made, and everything that is wrong with its document.
  public typealias Resolution = (network: Network?, faults: [Fault])

  /// Checks a document against the registry and gives every value its type.
  ///
  /// `bindings` gives symbols a size. All faults come at once, with those of reading, in the order of the text.
  public static func resolve(
    _ reading: GraphDocument.Reading, registry: Registry, limits: GraphLimits = GraphLimits(),
    bindings: [String: Int] = [:]
  ) -> Resolution {
    guard let document = reading.document else { return (nil, reading.faults) }
    var resolver = Resolver(document, registry, limits, bindings)
    let network = resolver.resolve()
    let faults = Faults(reading.faults + resolver.distinctFaults).inOrder(file: document.file).all
    return (faults.isEmpty ? network : nil, faults)
  }
}

/// Makes a network from a document; goes on after a fault, so that all are found.
struct Resolver {
  let document: GraphDocument
  let registry: Registry
  let limits: GraphLimits
  let bindings: [String: Int]
  var faults: [Fault] = []
  private let isMissingPlugin: Bool
  private var reader: AttributeReader
  private var values: [GraphValue] = []
  private var inputs: [NetworkInput] = []
  private var inputValues: [ValueID?] = []
  /// By flat node: what was made of it; nil where something is wrong.
  private var resolved: [ResolvedNode?] = []
  private var valueNames: [String: ValueID] = [:]

  /// A node whose layer and types are known.
  private struct ResolvedNode {
    var layer: any Layer
    var schema: Schema
    var inputs: [ValueID?]
    var outputs: [ValueID]
    var declarations: [ParameterDeclaration]
  }

  init(_ document: GraphDocument, _ registry: Registry, _ limits: GraphLimits, _ bindings: [String: Int]) {
    self.document = document
    self.registry = registry
    self.limits = limits
    self.bindings = bindings
    var modules: Set<String> = [Registry.core]
    for plugin in document.plugins { modules.insert(plugin.value.name) }
    isMissingPlugin = modules.contains { registry.modules[$0] == nil }
    reader = AttributeReader(
      registry: registry, modules: modules, bindings: bindings,
      limits: ShapeLimits(rank: limits.rank, dimension: limits.dimension))
  }

  /// The faults, each text once: the copies of a block repeat what is wrong in it.
  var distinctFaults: [Fault] {
    var seen = Set<String>()
    return faults.filter { fault in
      guard let text = fault.text else { return true }
      return seen.insert("\(text) \(fault.message)").inserted
    }
  }

  mutating func resolve() -> Network? {
    checkPlugins()
    addInputs()
    var expansion = BlockExpansion(document, registry, limits)
    let isExpanded = expansion.expand()
    faults += expansion.faults
    guard isExpanded else { return nil }
    let flat = expansion.nodes
    var references = References(scopes: expansion.scopes, document: document)
    var sources: [[ValueSource]?] = []
    for node in flat { sources.append(portSources(of: node, &references)) }
    let edges = sources.map { list in
      (list ?? []).compactMap { if case .node(let index, _) = $0 { index } else { nil } }
    }
    let order = NodeOrder.order(sources: edges)
    reportCycles(flat, edges, order)
    resolved = Array(repeating: nil, count: flat.count)
    for index in order { resolve(flat[index], index, sources[index], flat) }
    let parameters = assignParameters(flat, order)
    nameValues(flat, references)
    let outputs = resolveOutputs(flat, &references)
    let training = readTraining(parameters.all)
    faults += reader.faults
    reader.faults = []
    guard faults.isEmpty else { return nil }
    return makeNetwork(flat, order, outputs, parameters, training)
  }

  private mutating func report(
    _ text: TextPlace?, _ place: String, _ message: String, kind: Fault.Kind = .input, nearest: String? = nil
  ) {
    faults.append(Fault(kind, text: text, place: place, message, nearest: nearest))
  }

  // MARK: Plugins and inputs

  private mutating func checkPlugins() {
    for (index, plugin) in document.plugins.enumerated() {
      let (name, place) = (plugin.value.name, "plugins[\(index)]")
      guard let version = registry.modules[name] else {
        let known = registry.modules.keys.filter { $0 != Registry.core }.sorted()
        report(
          plugin.place, place,
          "plugin \"\(name)\" is not there; available: \(known.joined(separator: ", "))", kind: .plugin,
          nearest: nearest(to: name, among: known))
        continue
      }
      if let wanted = plugin.value.version, !wanted.isSatisfied(by: version) {
        report(
          plugin.place, place, "the graph needs version \(wanted) of plugin \"\(name)\", found \(version)",
          kind: .plugin)
      }
    }
  }

  private mutating func addInputs() {
    for input in document.inputs {
      guard let shape = input.shape, let element = input.type else {
        inputValues.append(nil)
        continue
      }
      let sizes = shape.value.map { entry in
        switch entry.value {
        case .size(let size): Dimension(size)
        case .symbol(let name): bindings[name].map { Dimension($0) } ?? Dimension(symbol: name)
        }
      }
      let type = ValueType(element, sizes)
      let id = ValueID(values.count)
      values.append(GraphValue(name: input.name.value, type: type))
      if valueNames[input.name.value] == nil { valueNames[input.name.value] = id }
      inputs.append(
        NetworkInput(name: input.name.value, value: id, type: type, summary: input.description?.value))
      inputValues.append(id)
      checkSize(type, input.name.place, input.path)
    }
  }

  // MARK: Nodes

  /// Where each port of a node gets its value; nil where the list itself is faulty.
  private mutating func portSources(of node: FlatNode, _ references: inout References) -> [ValueSource]? {
    let ports = entry(node)?.schema
    var list: [(reference: Located<InputReference>, place: String)] = []
    switch node.declaration.inputs {
    case .unreadable: return nil
    case .absent: break
    case .list(let items):
      list = items.enumerated().map { ($1, "\(node.place), inputs[\($0)]") }
    case .named(let pairs):
      guard let schema = ports else {
        list = pairs.map { ($0.reference, "\(node.place), inputs.\($0.port.value.excerpt())") }
        break
      }
      guard let ordered = ordered(pairs, schema, node) else { return nil }
      list = ordered
    }
    var found: [ValueSource] = []
    for (located, place) in list {
      do {
        let source = try references.source(located.value, scope: node.scope)
        found.append(source)
      } catch {
        report(located.place, place, error.message, nearest: error.nearest)
        found.append(.faulty)
      }
    }
    return found
  }

  private mutating func ordered(
    _ pairs: [(port: Located<String>, reference: Located<InputReference>)], _ schema: Schema, _ node: FlatNode
  ) -> [(reference: Located<InputReference>, place: String)]? {
    let names = schema.inputs.map(\.name)
    guard schema.leastInputs == nil else {
      report(node.declaration.place, "\(node.place), inputs", "\"\(schema.name)\" takes a list of inputs")
      return nil
    }
    var ordered = names.map { (Located(InputReference.absent, at: nil), "\(node.place), inputs.\($0)") }
    for (port, reference) in pairs {
      if let index = names.firstIndex(of: port.value) {
        ordered[index].0 = reference
      } else {
        report(
          port.place, "\(node.place), inputs",
          "\"\(schema.name)\" has no input \"\(port.value.excerpt())\"; accepted: "
            + names.joined(separator: ", "), nearest: nearest(to: port.value, among: names))
        return nil
      }
    }
    return ordered
  }

  private func entry(_ node: FlatNode) -> Registry.Entry? {
    node.declaration.op.flatMap { registry.entry(.layer, $0.value.name, version: $0.value.version) }
  }

  private mutating func resolve(
    _ node: FlatNode, _ index: Int, _ sources: [ValueSource]?, _ flat: [FlatNode]
  ) {
    guard let op = node.declaration.op, let entry = operatorEntry(op, node) else { return }
    let layer = layer(entry, node)
    guard let sources else { return }
    let schema = entry.schema
    guard let ports = ports(sources, schema, node, flat), let layer else { return }
    var inference = Inference(inputs: ports.map { $0.map { values[$0.index].type } })
    do {
      try layer.infer(&inference)
    } catch let fault as LayerFault {
      report(fault, node, schema)
      return
    } catch {
      report(node.declaration.place, node.place, "\(error)")
      return
    }
    var outputs: [ValueID] = []
    let names = schema.outputs
    for (port, type) in inference.outputs.enumerated() {
      outputs.append(ValueID(values.count))
      let suffix = inference.outputs.count > 1 ? "." + (names?[port] ?? "\(port)") : ""
      values.append(GraphValue(name: node.name + suffix, type: type))
      checkSize(type, node.declaration.place, node.place)
    }
    resolved[index] = ResolvedNode(
      layer: layer, schema: schema, inputs: ports, outputs: outputs, declarations: inference.parameters)
  }

  private mutating func operatorEntry(_ op: Located<OperatorReference>, _ node: FlatNode) -> Registry.Entry? {
    let (name, place) = (op.value.name, "\(node.place), op")
    if let entry = registry.entry(.layer, name, version: op.value.version) {
      if reader.modules.contains(entry.module) { return entry }
      report(
        op.place, place,
        "operator \"\(name)\" belongs to plugin \"\(entry.module)\", which the graph does not list; add "
          + "\"\(entry.module)\" to \"plugins\"")
      return nil
    }
    let versions = registry.versions(.layer, name)
    if !versions.isEmpty {
      let known = versions.map { "\(name)@\($0)" }.joined(separator: ", ")
      report(
        op.place, place, "operator \"\(name)\" has no version \(op.value.version); accepted: \(known)")
      return nil
    }
    // An operator of a plugin that is not there follows from that.
    if isMissingPlugin { return nil }
    let known = reader.names(.layer) + document.blocks.map(\.name.value)
    report(
      op.place, place, "unknown operator \"\(name.excerpt())\"; `nngraph ops` lists the operators",
      nearest: nearest(to: name, among: known))
    return nil
  }

  private mutating func layer(_ entry: Registry.Entry, _ node: FlatNode) -> (any Layer)? {
    let text = node.declaration.place ?? TextPlace(line: 0, column: 0)
    guard
      let attributes = reader.read(node.attributes, entry.schema, place: node.place, at: text)
    else { return nil }
    return reader.make(entry, attributes, place: node.place, at: text) as? any Layer
  }

  /// The value at each port; nil, with a fault where it is the node's own, where one is missing.
  private mutating func ports(
    _ sources: [ValueSource], _ schema: Schema, _ node: FlatNode, _ flat: [FlatNode]
  ) -> [ValueID?]? {
    let required = schema.inputs.filter { !$0.isOptional }.count
    let fits =
      schema.leastInputs.map { sources.count >= $0 } ?? (required...max(required, schema.inputs.count)).contains(sources.count)
    guard fits else {
      let expected =
        schema.leastInputs.map { "\($0) or more inputs" } ?? (required == schema.inputs.count
          ? "\(required) input\(required == 1 ? "" : "s")" : "\(required) to \(schema.inputs.count) inputs")
      report(
        node.declaration.place, "\(node.place), inputs",
        "\"\(schema.name)\" takes \(expected), found \(sources.count)")
      return nil
    }
    var ports: [ValueID?] = []
    var isSound = true
    for (port, source) in sources.enumerated() {
      switch source {
      case .faulty: isSound = false
      case .absent:
        if schema.leastInputs == nil, schema.inputs[port].isOptional {
          ports.append(nil)
        } else {
          let name = schema.leastInputs == nil ? schema.inputs[port].name : "\(port)"
          report(node.declaration.place, "\(node.place), inputs", "missing input \"\(name)\"")
          isSound = false
        }
      case .input(let index):
        guard let id = inputValues[index] else {
          isSound = false
          continue
        }
        ports.append(id)
      case .node(let index, let name):
        guard let made = resolved[index] else {
          isSound = false
          continue
        }
        if let id = output(of: made, name: flat[index].name, port: name, node.declaration.place, node.place) {
          ports.append(id)
        } else {
          isSound = false
        }
      }
    }
    if schema.leastInputs == nil {
      while ports.count < schema.inputs.count { ports.append(nil) }
    }
    return isSound ? ports : nil
  }

  private mutating func output(
    of node: ResolvedNode, name: String, port: String?, _ text: TextPlace?, _ place: String
  ) -> ValueID? {
    guard let port else { return node.outputs.first }
    let names = portNames(node)
    if let index = names.firstIndex(of: port), node.outputs.count > 1 { return node.outputs[index] }
    let accepted =
      node.outputs.count > 1 ? "accepted: " + names.joined(separator: ", ") : "it has one output, \"\(name)\""
    report(
      text, place, "\"\(name)\" has no port \"\(port.excerpt())\"; \(accepted)",
      nearest: node.outputs.count > 1 ? nearest(to: port, among: names) : nil)
    return nil
  }

  private func portNames(_ node: ResolvedNode) -> [String] {
    node.schema.outputs ?? node.outputs.indices.map(String.init)
  }

  private mutating func report(_ fault: LayerFault, _ node: FlatNode, _ schema: Schema) {
    var place = node.place
    var text = node.declaration.place
    if let attribute = fault.attribute {
      place += ", \(attribute)"
      text = node.attributes.first { $0.key == attribute }?.value.textPlace ?? text
    } else if let input = fault.input {
      place += ", inputs[\(input)]"
      if case .list(let list) = node.declaration.inputs, input < list.count { text = list[input].place ?? text }
    }
    report(text, place, "\"\(schema.name)\": \(fault.message)")
  }

  private mutating func reportCycles(_ flat: [FlatNode], _ edges: [[Int]], _ order: [Int]) {
    guard order.count < flat.count else { return }
    let placed = Set(order)
    let left = flat.indices.filter { !placed.contains($0) }
    for cycle in NodeOrder.cycles(sources: edges, among: left) {
      let names = cycle.map { "\"\(flat[$0].name)\"" }.joined(separator: ", ")
      let first = flat[cycle[0]]
      report(
        first.declaration.place, first.place,
        "a cycle: each of \(names) needs the value of another to be computed first")
    }
  }

  private mutating func checkSize(_ type: ValueType, _ text: TextPlace?, _ place: String) {
    if type.rank > limits.rank {
      report(
        text, place, "a tensor of \(type.rank) axes, \(type.shapeText), is over the limit of \(limits.rank)",
        kind: .limit)
    }
    for size in type.shape {
      guard let least = size.evaluate({ _ in 1 }) else { continue }
      if least > limits.dimension {
        report(
          text, place, "a size of \(size) in \(type.shapeText) is over the limit of \(limits.dimension)",
          kind: .limit)
        return
      }
      if let number = size.number, number < 1 {
        report(text, place, "a size of \(number) in \(type.shapeText); sizes are positive")
        return
      }
    }
    let count = type.count.evaluate { _ in 1 } ?? 0
    let bytes = saturatingProduct(count, type.element.byteCount)
    if let most = limits.memoryBytes, bytes > most {
      report(
        text, place, "\(type.shapeText) takes \(bytes) bytes, over the memory limit of \(most)", kind: .limit)
    }
  }

  // MARK: Parameters

  private typealias Parameters = (all: [NetworkParameter], byNode: [[ParameterID]])

  /// Gives every declared parameter its number; nodes that share take the owner's.
  private mutating func assignParameters(_ flat: [FlatNode], _ order: [Int]) -> Parameters {
    var all: [NetworkParameter] = []
    var byNode = [[ParameterID]](repeating: [], count: flat.count)
    var total = 0
    for index in order {
      guard let node = resolved[index], flat[index].shared == nil else { continue }
      for declaration in node.declarations {
        byNode[index].append(ParameterID(all.count))
        all.append(
          NetworkParameter(
            name: "\(flat[index].name).\(declaration.name)", declaration: declaration,
            node: flat[index].name, isTrainable: declaration.isTrainable && !flat[index].isFrozen))
        let count = declaration.shape.reduce(1, saturatingProduct)
        total = saturatingSum(total, saturatingProduct(count, declaration.element.byteCount))
        if let most = limits.memoryBytes, total > most {
          report(
            flat[index].declaration.place, flat[index].place,
            "parameters up to \"\(declaration.name)\" \(declaration.shape) take \(total) bytes, over the "
              + "memory limit of \(most)", kind: .limit)
          return (all, byNode)
        }
      }
    }
    let names = Dictionary(flat.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { a, _ in a })
    for index in order where flat[index].shared != nil {
      if let owner = owner(of: index, flat, names) { byNode[index] = byNode[owner] }
    }
    return (all, byNode)
  }

  /// The node whose parameters node `index` uses; nil, with a fault, where that cannot be.
  private mutating func owner(of index: Int, _ flat: [FlatNode], _ names: [String: Int]) -> Int? {
    let node = flat[index]
    guard let wanted = node.shared, let text = node.declaration.share?.place ?? node.declaration.place else {
      return nil
    }
    let place = "\(node.place), share"
    guard let owner = names[wanted], owner != index else {
      report(
        text, place, "no other node \"\(wanted)\" whose parameters \"\(node.name)\" could use",
        nearest: nearest(to: wanted, among: names.keys.filter { $0 != node.name }))
      return nil
    }
    guard let mine = resolved[index], let theirs = resolved[owner] else { return nil }
    if node.declaration.trainable != nil, node.declaration.share != nil {
      report(text, place, "\"trainable\" stands on \"\(node.name)\", which has no parameters of its own")
    }
    guard mine.schema.name == theirs.schema.name, mine.schema.version == theirs.schema.version else {
      report(
        text, place,
        "\"\(node.name)\" is \"\(mine.schema.name)\", but \"\(wanted)\" is \"\(theirs.schema.name)\"")
      return nil
    }
    if flat[owner].shared != nil {
      report(text, place, "\"\(wanted)\" shares in turn with \"\(flat[owner].shared ?? "")\"; name the owner")
      return nil
    }
    let shapes = { (node: ResolvedNode) in node.declarations.map { "\($0.name) \($0.shape)" } }
    guard shapes(mine) == shapes(theirs), mine.declarations.map(\.element) == theirs.declarations.map(\.element)
    else {
      report(
        text, place,
        "\"\(node.name)\" needs \(shapes(mine).joined(separator: ", ")), but \"\(wanted)\" has "
          + shapes(theirs).joined(separator: ", "))
      return nil
    }
    return owner
  }

  // MARK: Outputs

  private mutating func nameValues(_ flat: [FlatNode], _ references: References) {
    for (index, node) in flat.enumerated() {
      guard let made = resolved[index] else { continue }
      if let first = made.outputs.first, valueNames[node.name] == nil { valueNames[node.name] = first }
      guard made.outputs.count > 1 else { continue }
      for (name, id) in zip(portNames(made), made.outputs) { valueNames["\(node.name).\(name)"] = id }
    }
    // The uses of blocks in the graph itself are values, too.
    var references = references
    for (name, entry) in references.scopes[0] {
      guard case .use(_, let block) = entry else { continue }
      for port in document.blocks[block].outputs.indices {
        let reference = ValueReference(name: name, port: "\(port)")
        guard case .node(let index, let own)? = try? references.source(.value(reference), scope: 0),
          let made = resolved[index]
        else { continue }
        let id = own.flatMap { own in portNames(made).firstIndex(of: own) }.map { made.outputs[$0] }
        guard let value = own == nil ? made.outputs.first : id else { continue }
        if port == 0 { valueNames[name] = value }
        valueNames["\(name).\(port)"] = value
      }
    }
  }

  private mutating func resolveOutputs(_ flat: [FlatNode], _ references: inout References) -> [NetworkOutput] {
    var outputs: [NetworkOutput] = []
    for output in document.outputs {
      let reference = output.reference
      do {
        switch try references.source(.value(reference.value), scope: 0) {
        case .input(let index):
          if let id = inputValues[index] { outputs.append(NetworkOutput(name: output.publicName, value: id)) }
        case .node(let index, let port):
          guard let made = resolved[index] else { continue }
          if let id = self.output(of: made, name: flat[index].name, port: port, reference.place, output.path) {
            outputs.append(NetworkOutput(name: output.publicName, value: id))
          }
        case .absent, .faulty: continue
        }
      } catch {
        report(reference.place, output.path, error.message, nearest: error.nearest)
      }
    }
    return outputs
  }

  // MARK: Training and the result

  private mutating func readTraining(_ parameters: [NetworkParameter]) -> TrainingSettings? {
    // What training names can only be judged where the nodes are sound.
    guard let json = document.training else { return nil }
    let isSound = faults.isEmpty && reader.faults.isEmpty
    let known = values
    var training = TrainingReader(
      reader: reader, valueNames: valueNames, types: { known[$0.index].type }, parameters: parameters,
      inputs: inputs, isGraphSound: isSound)
    let settings = training.read(json)
    reader.faults = training.reader.faults
    return settings
  }

  private func makeNetwork(
    _ flat: [FlatNode], _ order: [Int], _ outputs: [NetworkOutput], _ parameters: Parameters,
    _ training: TrainingSettings?
  ) -> Network {
    var lowering = Lowering(values: values)
    var nodes: [NetworkNode] = []
    for index in order {
      guard let made = resolved[index] else { continue }
      let node = flat[index]
      lowering.add(
        name: node.name, layer: made.layer, inputs: made.inputs, outputs: made.outputs,
        parameters: parameters.byNode[index])
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
