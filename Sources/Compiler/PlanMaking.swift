import Diagnostics
import LayerKit
import Tensors

extension Plan {
  /// The bytes that values which are computed once may take besides as much as the parameters take: they
  /// stay for as long as the plan, where others share their memory.
  private static let sparedForConstants = 1 << 20

  /// Makes a plan. Throws `Faults` where a size is missing, an operator has no gradient on the way to a
  /// parameter, or the memory would be over the limit.
  public static func make(
    _ network: Network, _ request: PlanRequest, rewrites: [any Rewrite]
  ) throws -> Plan {
    let kept = Set(request.fetches + request.losses.map(\.value))
    var graph = network.graph
    graph.prune(keeping: kept)
    let context = RewriteContext(
      kept: kept, mode: request.mode, isDifferentiated: !request.losses.isEmpty)
    var applied: [String] = []
    for rewrite in rewrites where request.rewrites.includes(rewrite.name) {
      if rewrite.apply(to: &graph, in: context) > 0 { applied.append(rewrite.name) }
    }
    if !applied.isEmpty { graph.prune(keeping: kept) }
    let trainable = Set(
      request.parameterGradients
        ? network.parameters.indices.filter { network.parameters[$0].isTrainable } : [])
    let differentiation = try Differentiation(
      graph, losses: request.losses.map(\.value), inputs: request.inputGradients,
      isTrainable: { trainable.contains($0.index) })
    let types = try network.concreteTypes(of: graph, request)
    let layout = ParameterLayout(network, inDouble: request.inDouble)
    let constants = graph.putConstantsFirst(
      types, within: saturatingSum(layout.byteCount, sparedForConstants))
    var builder = PlanBuilder(
      network: network, request: request, graph: graph, constantCount: constants,
      differentiation: differentiation, types: types, layout: layout)
    builder.addForward()
    builder.addBackward()
    return try builder.finish(applied: applied)
  }
}

extension ComputationGraph {
  /// Puts the operations that are to be computed once before all others, as far as their outputs have no more
  /// bytes than `limit` together, and returns how many they are.
  mutating func putConstantsFirst(_ types: [ConcreteType?], within limit: Int) -> Int {
    guard nodes.contains(where: \.isConstant) else { return 0 }
    var isFirst = [Bool](repeating: false, count: values.count)
    var left = limit
    var (first, others): ([GraphNode], [GraphNode]) = ([], [])
    for node in nodes {
      let bytes = node.outputs.reduce(0) { saturatingSum($0, types[$1.index]?.byteCount ?? 0) }
      let isReady = node.inputs.allSatisfy { $0.map { isFirst[$0.index] } ?? true }
      guard node.isConstant, isReady, bytes <= left else {
        others.append(node)
        continue
      }
      left -= bytes
      for output in node.outputs { isFirst[output.index] = true }
      first.append(node)
    }
    replaceNodes(first + others)
    return first.count
  }

  /// Takes out every operation that nothing in `kept` depends on.
  mutating func prune(keeping kept: Set<ValueID>) {
    var wanted = [Bool](repeating: false, count: values.count)
    for value in kept { wanted[value.index] = true }
    var remaining: [GraphNode] = []
    for node in nodes.reversed() where node.outputs.contains(where: { wanted[$0.index] }) {
      for case let input? in node.inputs { wanted[input.index] = true }
      remaining.append(node)
    }
    if remaining.count < nodes.count { replaceNodes(remaining.reversed()) }
  }
}

extension Network {
  /// The type of every value that the operations touch, with sizes in place of symbols.
  func concreteTypes(of graph: ComputationGraph, _ request: PlanRequest) throws -> [ConcreteType?] {
    var types = [ConcreteType?](repeating: nil, count: graph.values.count)
    var faults: [Fault] = []
    func set(_ id: ValueID) {
      guard types[id.index] == nil else { return }
      let value = graph[id]
      var shape: [Int] = []
      for size in value.type.shape {
        guard let number = size.evaluate({ request.sizes[$0] }) else {
          faults.append(Fault(place: "\"\(value.name)\"", "the size \(size) is not bound"))
          return
        }
        guard number >= 1 else {
          faults.append(
            Fault(place: "\"\(value.name)\"", "the size \(size) of \(value.type.shapeText) becomes \(number)")
          )
          return
        }
        shape.append(number)
      }
      types[id.index] = ConcreteType(value.type.element.inPrecision(double: request.inDouble), shape)
    }
    // An input that nothing reads may have sizes that nobody gave.
    for value in request.fetches + request.losses.map(\.value) { set(value) }
    for node in graph.nodes {
      for case let input? in node.inputs { set(input) }
      for output in node.outputs { set(output) }
    }
    if !faults.isEmpty { throw Faults(faults) }
    return types
  }
}
