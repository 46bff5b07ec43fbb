import Diagnostics
import GraphFile
import LayerKit

// What is wrong with a graph as a whole: cycles, and sizes over a limit.
extension Resolver {
  /// Values that a graph may have for each node of the limit.
  private static let valuesPerNode = 4

  /// Reports every cycle, and returns the nodes that could not be ordered.
  mutating func reportCycles(_ edges: [[Int]], _ order: [Int]) -> [Int] {
    guard order.count < flat.count else { return [] }
    let placed = Set(order)
    let left = flat.indices.filter { !placed.contains($0) }
    for cycle in NodeOrder.cycles(sources: edges, among: left) {
      let first = flat[cycle[0]]
      report(
        first.declaration.inputsPlace ?? first.declaration.place, "\(first.place), inputs",
        cycleMessage(cycle.map { flat[$0].name }))
    }
    return left
  }

  /// Whether there is room for the outputs of a node; a fault where there is not.
  mutating func takeValues(_ count: Int, _ node: FlatNode) -> Bool {
    let most = saturatingProduct(limits.nodes, Self.valuesPerNode)
    guard values.count + count > most else { return true }
    isOverValues = true
    report(
      node.declaration.place, node.place, "the graph has more values than the limit of \(most)", kind: .limit)
    return false
  }

  /// Reports a size of a node's output that is over a limit, at the attribute that asks for it.
  mutating func checkSize(_ type: ValueType, _ node: FlatNode) {
    guard let problem = problem(with: type) else { return }
    let cause = problem.size.flatMap { size in
      node.attributes.first { member in
        member.value.integer == size || member.value.elements?.contains { $0.integer == size } ?? false
      }
    }
    let place = cause.map { "\(node.place), \($0.key)" } ?? node.place
    report(cause?.value.textPlace ?? node.declaration.place, place, problem.message, kind: problem.kind)
  }

  /// Why no tensor can have a type: the limit that it breaks, and the size that breaks it.
  func problem(with type: ValueType) -> (kind: Fault.Kind, message: String, size: Int?)? {
    if type.rank > limits.rank {
      return (.limit, "\(type.shapeText) has \(type.rank) axes, over the limit of \(limits.rank)", nil)
    }
    var bytes = type.element.byteCount
    for size in type.shape {
      guard let least = size.number ?? size.evaluate({ _ in 1 }) else { continue }
      if size.number == .max {
        return (
          .limit, "a size in \(type.shapeText) is too large, or too long an expression of symbols",
          size.number
        )
      }
      if least > limits.dimension {
        return (
          .limit, "a size of \(size) in \(type.shapeText) is over the limit of \(limits.dimension)",
          size.number
        )
      }
      if let number = size.number, number < 1 {
        return (.input, "a size of \(number) in \(type.shapeText); sizes are positive", nil)
      }
      bytes = saturatingProduct(bytes, max(1, least))
    }
    guard let most = limits.memoryBytes, bytes > most else { return nil }
    let largest = type.shape.compactMap(\.number).max()
    return (.limit, "\(type.shapeText) takes \(bytes) bytes, over the memory limit of \(most)", largest)
  }
}
