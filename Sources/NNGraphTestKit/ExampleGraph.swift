import Compiler
import Diagnostics
import Glibc
import GraphFile
import LayerKit
import Tensors
import Verification

/// The graph of one use: its inputs, the node `node`, and a sum of each float output.
package struct ExampleGraph {
  let use: CheckedUse
  let registry: Registry
  /// The layer of the node and the types of its outputs.
  package let layer: any Layer
  package let outputs: [ValueType]
  /// The names of the outputs as references.
  let outputNames: [String]
  private var limits = GraphLimits()

  /// Throws `Faults` where the example is no sound graph.
  ///
  /// Throws also where a value would take more than `memoryBytes`.
  package init(_ use: CheckedUse, _ registry: Registry, memoryBytes: Int = 1 << 30) throws {
    self.use = use
    self.registry = registry
    limits.memoryBytes = memoryBytes
    let plain = try ExampleGraph.resolve(
      ExampleGraph.text(use, registry, copiesInputs: false, outputs: ["node"], sums: []), registry, limits)
    guard let node = plain.nodes.first(where: { $0.name == "node" }) else {
      throw Faults(Fault(.program, place: use.name, "the graph has lost its node"))
    }
    layer = node.layer
    outputs = node.outputs.map(plain.type)
    let ports = registry.entry(.layer, use.op.split(separator: "@").first.map(String.init) ?? "")?.schema
      .outputs
    outputNames = node.outputs.indices.map { index in
      node.outputs.count == 1 ? "node" : "node." + (ports?[index] ?? "\(index)")
    }
  }

  /// Whether gradients pass from an input or a parameter to an output.
  var isDifferentiable: Bool { layer is any DifferentiableLayer && outputs.contains { $0.element.isFloat } }

  /// The outputs that the loss is made of: where gradients pass, the floats.
  private var summed: [String] {
    isDifferentiable ? zip(outputs, outputNames).filter { $0.0.element.isFloat }.map(\.1) : []
  }

  /// The network; `copiesInputs` puts a copy between every input and the node, so that the plan may let the
  /// node overwrite what it reads.
  func network(copiesInputs: Bool = false) throws -> Network {
    try ExampleGraph.resolve(
      ExampleGraph.text(use, registry, copiesInputs: copiesInputs, outputs: outputNames, sums: summed),
      registry, limits)
  }

  /// The loss whose gradients are checked, of one of the networks: a sum for every float output.
  func losses(_ network: Network) throws -> [LossTerm] {
    try summed.indices.map { LossTerm(value: try network.value("sum\($0)"), weight: Double($0 + 1)) }
  }

  private static func resolve(_ text: String, _ registry: Registry, _ limits: GraphLimits) throws -> Network {
    let reading = GraphDocument.read(Array(text.utf8), file: "example", folder: ".")
    let (network, faults) = Network.resolve(reading, registry: registry, limits: limits)
    guard let network else { throw Faults(faults) }
    return network
  }

  private static func text(
    _ use: CheckedUse, _ registry: Registry, copiesInputs: Bool, outputs: [String], sums: [String]
  ) -> String {
    let plugins = registry.modules.keys.filter { $0 != Registry.core }.sorted()
    var inputs: [String] = []
    var nodes: [String] = []
    var ports: [String] = []
    for (index, input) in use.example.inputs.enumerated() {
      guard let input else {
        ports.append("null")
        continue
      }
      inputs.append(
        "\"x\(index)\": {\"shape\": \(shapeText(input.shape)), \"type\": \"\(input.element.rawValue)\"}")
      if copiesInputs {
        nodes.append("{\"name\": \"copy\(index)\", \"op\": \"checked_copy\", \"inputs\": [\"x\(index)\"]}")
      }
      ports.append(copiesInputs ? "\"copy\(index)\"" : "\"x\(index)\"")
    }
    let wires = ports.isEmpty ? "" : ", \"inputs\": [\(ports.joined(separator: ", "))]"
    let attributes = use.example.attributes.isEmpty ? "" : ", \(use.example.attributes)"
    nodes.append("{\"name\": \"node\", \"op\": \"\(use.op)\"\(wires)\(attributes)}")
    for (index, name) in sums.enumerated() {
      nodes.append("{\"name\": \"sum\(index)\", \"op\": \"checked_sum\", \"inputs\": [\"\(name)\"]}")
    }
    return """
      {"format": "nngraph/1", "name": "example",
      "plugins": [\(plugins.map { "\"\($0)\"" }.joined(separator: ", "))],
      "inputs": {\(inputs.joined(separator: ", "))},
      "nodes": [\(nodes.joined(separator: ", "))],
      "outputs": [\(outputs.map { "\"\($0)\"" }.joined(separator: ", "))]}
      """
  }
}

extension CheckedUse {
  /// Values for the inputs as the example wants them; all of them are numbers that float32 holds.
  func inputs() throws -> [String: Tensor] {
    var numbers = SeededNumbers(seed: 11)
    var tensors: [String: Tensor] = [:]
    for (index, input) in example.inputs.enumerated() {
      if let input { tensors["x\(index)"] = try input.tensor(&numbers) }
    }
    return tensors
  }
}

extension ExampleInput {
  /// A tensor of values as the example wants them.
  package func tensor(_ numbers: inout SeededNumbers) throws -> Tensor {
    let count = elementCount(of: shape) ?? 0
    switch values {
    case .floats(let range, let kinks):
      return Tensor(shape: shape, try (0..<count).map { _ in Float(try smooth(range, kinks, &numbers)) })
    case .distribution: return Tensor(shape: shape, distribution(count, &numbers).map { Float($0) })
    case .logDistribution:
      return Tensor(shape: shape, distribution(count, &numbers).map { Float(log($0)) })
    case .integers(let bound):
      return Tensor(
        shape: shape, (0..<count).map { _ in Int32(truncatingIfNeeded: numbers.integer(below: bound)) })
    case .signs:
      return Tensor(shape: shape, (0..<count).map { _ in numbers.integer(below: 2) == 0 ? Float(-1) : 1 })
    case .booleans: return Tensor(shape: shape, (0..<count).map { _ in numbers.integer(below: 2) == 1 })
    }
  }

  /// A number of the range, 0.05 or more away from every kink.
  private func smooth(
    _ range: ClosedRange<Double>, _ kinks: [Double], _ numbers: inout SeededNumbers
  ) throws -> Double {
    for _ in 0..<1000 {
      let number = numbers.uniform(range)
      if kinks.allSatisfy({ (number - $0).magnitude >= 0.05 }) { return number }
    }
    throw Faults(Fault(place: "example", "the range \(range) lies within 0.05 of the kinks \(kinks)"))
  }

  /// Positive numbers that sum to 1 over the last axis.
  private func distribution(_ count: Int, _ numbers: inout SeededNumbers) -> [Double] {
    let row = max(1, shape.last ?? 1)
    var values = (0..<count).map { _ in numbers.uniform(0.2...1) }
    for start in stride(from: 0, to: count, by: row) {
      let end = min(count, start + row)
      let sum = values[start..<end].reduce(0, +)
      for index in start..<end { values[index] /= sum }
    }
    return values
  }
}
