import Compiler
import Diagnostics
import GraphFile
import LayerKit

/// Makes the rows of a summary: by node, or by use of a block.
struct SummaryRows {
  private let network: Network
  private let assumed: AssumedSize
  /// The uses of blocks in the graph itself: name to declaration.
  private let uses: [String: NodeDeclaration]
  /// What a value is called outside the blocks.
  private var outerNames: [ValueID: String] = [:]

  init(_ network: Network, _ assumed: AssumedSize) {
    self.network = network
    self.assumed = assumed
    let document = network.document
    let blocks = Dictionary(
      document.blocks.map { ($0.name.value, $0.outputs.count) }, uniquingKeysWith: { first, _ in first })
    var uses: [String: NodeDeclaration] = [:]
    for input in network.inputs { outerNames[input.value] = input.name }
    for node in document.nodes {
      guard let op = node.op?.value.name, let outputs = blocks[op] else { continue }
      uses[node.name.value] = node
      for port in 0..<outputs {
        guard let value = try? network.value("\(node.name.value).\(port)"), outerNames[value] == nil else {
          continue
        }
        outerNames[value] = port == 0 ? node.name.value : "\(node.name.value).\(port)"
      }
    }
    self.uses = uses
  }

  func rows(isExpanded: Bool) -> [NetworkSummary.Row] {
    guard !isExpanded, !uses.isEmpty else {
      return network.nodes.map { row(of: $0, isExpanded: isExpanded) }
    }
    var rows: [NetworkSummary.Row] = []
    var places: [String: Int] = [:]
    for node in network.nodes {
      let own = row(of: node, isExpanded: false)
      guard let use = use(of: node.name) else {
        rows.append(own)
        continue
      }
      guard let place = places[use.name.value] else {
        places[use.name.value] = rows.count
        rows.append(row(of: use, first: own))
        continue
      }
      rows[place].nodes += 1
      rows[place].parameters = saturatingSum(rows[place].parameters, own.parameters)
      rows[place].operations = saturatingSum(rows[place].operations, own.operations)
      rows[place].activationBytes = saturatingSum(rows[place].activationBytes, own.activationBytes)
    }
    return rows
  }

  /// The use that a node of an expanded block belongs to; nil for a node of the graph itself.
  private func use(of name: String) -> NodeDeclaration? {
    guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    let copy = name[..<slash]
    if let use = uses[String(copy)], use["repeat"] == nil { return use }
    guard let line = copy.utf8.lastIndex(of: UInt8(ascii: "_")) else { return nil }
    return uses[String(copy[..<line])]
  }

  private func row(of node: NetworkNode, isExpanded: Bool) -> NetworkSummary.Row {
    let signature = Signature(
      inputs: node.inputs.map { $0.map { network.concreteType($0, assumed) } },
      outputs: node.outputs.map { network.concreteType($0, assumed) },
      parameters: node.parameters.map {
        let parameter = network.parameters[$0.index]
        return ConcreteType(parameter.declaration.element, parameter.shape)
      }, mode: .inference, isDifferentiated: false)
    var operations = node.layer.operations(signature)
    if let activation = node.layer.activation {
      operations = saturatingSum(operations, ActivationLayer(activation).operations(signature))
    }
    var inputs = node.inputs.map { $0.map { name(of: $0, isExpanded: isExpanded) } }
    while let last = inputs.last, last == nil { inputs.removeLast() }
    let owned = node.shared == nil ? node.parameters.map { network.parameters[$0.index] } : []
    return NetworkSummary.Row(
      name: node.name, op: node.op, repeats: nil, nodes: 1, inputs: inputs,
      outputs: node.outputs.map { .init(name: network.graph[$0].name, type: network.type($0)) },
      parameters: owned.filter { !$0.isState }.reduce(0) { saturatingSum($0, $1.count) },
      shared: node.parameters.isEmpty ? nil : node.shared, operations: operations,
      activationBytes: signature.outputs.reduce(0) { saturatingSum($0, $1.byteCount) })
  }

  private func row(of use: NodeDeclaration, first: NetworkSummary.Row) -> NetworkSummary.Row {
    let name = use.name.value
    let op = use.op?.value.name ?? ""
    let block = network.document.blocks.first { $0.name.value == op }
    var row = first
    row.name = name
    row.op = op
    row.repeats = use["repeat"]?.integer
    row.shared = use.share?.value
    row.inputs = references(of: use, ports: block?.inputs.map(\.value) ?? [])
    row.outputs = (0..<(block?.outputs.count ?? 0)).compactMap { port in
      guard let value = try? network.value("\(name).\(port)") else { return nil }
      return .init(name: port == 0 ? name : "\(name).\(port)", type: network.type(value))
    }
    return row
  }

  private func name(of value: ValueID, isExpanded: Bool) -> String {
    isExpanded ? network.graph[value].name : outerNames[value] ?? network.graph[value].name
  }

  /// What the file writes at each input of a use.
  private func references(of use: NodeDeclaration, ports: [String]) -> [String?] {
    func text(_ reference: InputReference) -> String? {
      if case .value(let value) = reference { value.description } else { nil }
    }
    switch use.inputs {
    case .list(let list): return list.map { text($0.value) }
    case .named(let pairs):
      return ports.map { port in
        pairs.first { $0.port.value == port }.flatMap { text($0.reference.value) }
      }
    case .absent, .unreadable: return []
    }
  }
}

extension Fault {
  /// Place and message, without the file.
  var placedMessage: String { place.isEmpty ? message : "\(place): \(message)" }
}
