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
  /// `bindings` gives symbols a size. All faults come at once, with those of reading, in the order of the
  /// text.
  public static func resolve(
    _ reading: GraphDocument.Reading, registry: Registry, limits: GraphLimits = GraphLimits(),
    bindings: [String: Int] = [:]
  ) -> Resolution {
    guard let document = reading.document else { return (nil, reading.faults) }
    var resolver = Resolver(document, registry.providing(for: document), limits, bindings)
    // What could not be read has been reported, and what follows from it has no fault of its own.
    let network = resolver.resolve(isWhole: reading.faults.isEmpty)
    let faults = Faults(reading.faults + resolver.reader.faults.all).inOrder(file: document.file).all
    return (faults.isEmpty ? network : nil, faults)
  }
}

/// A node whose layer and types are known.
struct ResolvedNode {
  var layer: any Layer
  var schema: Schema
  var inputs: [ValueID?]
  var outputs: [ValueID]
  var declarations: [ParameterDeclaration]

  /// The ports that a reference can name; none where the node has one output with a name of its own.
  var ports: [String] {
    guard let names = schema.outputs else { return outputs.indices.map(String.init) }
    return outputs.count > 1 ? Array(names.prefix(outputs.count)) : []
  }
}

/// Makes a network from a document; goes on after a fault, so that all are found.
struct Resolver {
  let document: GraphDocument
  let registry: Registry
  let limits: GraphLimits
  let bindings: [String: Int]
  /// Reads attributes, and holds every fault that is found.
  var reader: AttributeReader
  var values: [GraphValue] = []
  var inputs: [NetworkInput] = []
  /// By input of the document: its value; nil where something is wrong.
  var inputValues: [ValueID?] = []
  /// The nodes after the blocks are expanded.
  var flat: [FlatNode] = []
  /// By flat node: what was made of it; nil where something is wrong.
  var resolved: [ResolvedNode?] = []
  var valueNames: [String: ValueID] = [:]
  /// Whether the graph has more values than it may.
  var isOverValues = false

  init(_ document: GraphDocument, _ registry: Registry, _ limits: GraphLimits, _ bindings: [String: Int]) {
    self.document = document
    self.registry = registry
    self.limits = limits
    self.bindings = bindings
    var modules: Set<String> = [Registry.core]
    for plugin in document.plugins { modules.insert(plugin.value.name) }
    reader = AttributeReader(
      registry: registry, modules: modules, bindings: bindings, symbols: document.inputSymbols,
      limits: ShapeLimits(rank: limits.rank, dimension: limits.dimension))
  }

  mutating func resolve(isWhole: Bool) -> Network? {
    checkBindings()
    checkPlugins()
    addInputs()
    var expansion = BlockExpansion(document, registry, limits)
    swap(&expansion.faults, &reader.faults)
    expansion.expand()
    swap(&expansion.faults, &reader.faults)
    flat = expansion.nodes
    resolved = Array(repeating: nil, count: flat.count)
    var references = References(expansion, &reader.faults)
    let sources = flat.map { portSources(of: $0, &references) }
    let edges = sources.map { list in
      (list ?? []).compactMap { if case .node(let index, _, _) = $0 { index } else { nil } }
    }
    let order = NodeOrder.order(sources: edges)
    let left = reportCycles(edges, order)
    // What stands on a cycle or behind one has no type, but is checked as far as that goes.
    for index in order + left where !reader.faults.isFull { resolveNode(index, sources[index], references) }
    let parameters = assignParameters(order, references)
    let outputs = resolveOutputs(&references)
    nameValues(&references)
    let training = readTraining(parameters.all, expansion)
    guard reader.faults.reported == 0 else { return nil }
    for (index, node) in flat.enumerated() where resolved[index] == nil && node.isUsed {
      if !isWhole { return nil }
      report(node.declaration.place, node.place, "could not be resolved, for no known reason", kind: .program)
    }
    guard reader.faults.reported == 0 else { return nil }
    return makeNetwork(order, outputs, parameters, training)
  }

  /// Reports a fault.
  mutating func report(
    _ text: TextPlace?, _ place: String, _ message: String, kind: Fault.Kind = .input, nearest: String? = nil
  ) {
    reader.faults.append(kind, at: text, place, message, nearest: nearest)
  }

  // MARK: Plugins and inputs

  private mutating func checkBindings() {
    for (symbol, size) in bindings.sorted(by: { $0.key < $1.key })
    where !(1...limits.dimension).contains(size) {
      report(
        nil, "symbol \"\(symbol.excerpt())\"", "expected a size from 1 to \(limits.dimension), found \(size)",
        kind: .usage)
    }
  }

  private mutating func checkPlugins() {
    for (index, plugin) in document.plugins.enumerated() {
      let (name, place) = (plugin.value.name, "plugins[\(index)]")
      guard let version = registry.modules[name] else {
        let known = registry.modules.keys.filter { $0 != Registry.core }.sorted()
        let near = nearest(to: name, among: known)
        report(plugin.place, place, absence(of: name, near: near, known), kind: .plugin, nearest: near)
        continue
      }
      if let wanted = plugin.value.version, !wanted.isSatisfied(by: version) {
        report(
          plugin.place, place, "the graph needs version \(wanted) of plugin \"\(name)\", found \(version)",
          kind: .plugin)
      }
    }
  }

  /// Why a plugin is refused; or which nodes seem to need one that is not there, and where it was looked for.
  private func absence(of name: String, near: String?, _ known: [String]) -> String {
    if let reason = registry.absentModules.reasons[name] {
      return "plugin \"\(name)\" is refused: \(reason)"
    }
    var parts = ["plugin \"\(name)\" is not there"]
    let needing = registry.unknownNodes(of: document).filter { node in
      guard let op = node.op?.value.name else { return false }
      return (registry.absentModules.components[.layer]?[op] ?? name) == name
        && nearest(to: op, among: reader.operators) == nil
    }
    if !needing.isEmpty {
      let shown = needing.prefix(3).map {
        "\"\($0.name.value.excerpt())\" (\($0.op?.value.name.excerpt() ?? ""))"
      }
      let more = needing.count > 3 ? " and \(needing.count - 3) more" : ""
      parts.append("it seems to be needed by \(shown.joined(separator: ", "))\(more)")
    }
    parts.append("available: \(known.joined(separator: ", "))")
    if near == nil, let advice = registry.absentModules.advice { parts.append(advice(name)) }
    return parts.joined(separator: "; ")
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
      if let problem = problem(with: type) {
        report(shape.place, "\(input.path), shape", problem.message, kind: problem.kind)
      }
    }
  }
}

extension GraphDocument {
  /// The symbols in the inputs' shapes; nil where a shape could not be read.
  fileprivate var inputSymbols: Set<String>? {
    var symbols: Set<String> = []
    for input in inputs {
      guard let shape = input.shape else { return nil }
      for case .symbol(let name) in shape.value.map(\.value) { symbols.insert(name) }
    }
    return symbols
  }
}
