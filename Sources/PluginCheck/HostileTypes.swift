import LayerKit
import Tensors

/// Types that a graph may hand to an operator, and that its author hardly thought of.
enum HostileTypes {
  static let largest = Int(Int32.max)

  /// Variations of the inputs of an example: each port for itself, and all of them together.
  static func variations(_ inputs: [ValueType?], optional: [Int]) -> [[ValueType?]] {
    let types = all
    var found: [[ValueType?]] = []
    for port in inputs.indices where inputs[port] != nil {
      found += types.map { replaced(inputs, port, $0) }
      found += changes(of: inputs[port]).map { replaced(inputs, port, $0) }
    }
    if inputs.compactMap({ $0 }).count > 1 {
      found += types.map { type in inputs.map { $0 == nil ? nil : type } }
    }
    found += optional.filter { inputs.indices.contains($0) }.map { replaced(inputs, $0, nil) }
    return found
  }

  /// Ranks 0 to 8 of every element type: sizes of 1, of 2, huge, and symbols.
  static let all: [ValueType] = ElementType.allCases.flatMap { element in
    (0...8).flatMap { rank in
      [
        [Dimension](repeating: 1, count: rank), [Dimension](repeating: 2, count: rank),
        [Dimension](repeating: Dimension(largest), count: rank),
        (0..<rank).map { Dimension(symbol: "size\($0)") },
        [Dimension](repeating: Dimension(symbol: "size"), count: rank),
      ].map { ValueType(element, $0) }
    }
  }

  /// The type with another element type, and with each axis in turn 1, huge, a symbol, an expression, or
  /// away.
  private static func changes(of type: ValueType?) -> [ValueType] {
    guard let type else { return [] }
    let symbol = Dimension(symbol: "size")
    var found = ElementType.allCases.map { ValueType($0, type.shape) }
    found.append(ValueType(type.element, type.shape + [1]))
    found.append(ValueType(type.element, [symbol] + type.shape))
    for axis in type.shape.indices {
      for size in [1, 2, Dimension(largest), symbol, (symbol + 3).dividedUp(by: 2) - 1, symbol * symbol] {
        var shape = type.shape
        shape[axis] = size
        found.append(ValueType(type.element, shape))
      }
      var shape = type.shape
      shape.remove(at: axis)
      found.append(ValueType(type.element, shape))
    }
    return found
  }

  private static func replaced(_ inputs: [ValueType?], _ port: Int, _ type: ValueType?) -> [ValueType?] {
    var inputs = inputs
    inputs[port] = type
    return inputs
  }
}
