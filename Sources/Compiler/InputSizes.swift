import Diagnostics
import LayerKit
import Tensors

extension Network {
  /// The size of every symbol in the inputs' shapes, taken from the tensors that are to be put there.
  ///
  /// `inDouble`: an input declared float32 may also come as float64. `needed`: the inputs that must be there;
  /// without it, all. Throws `Faults`: an input that is missing, unknown, of another type or shape, and a symbol
  /// that two inputs give two sizes.
  public func sizes(
    for tensors: [String: Tensor], inDouble: Bool = false, needed: Set<String>? = nil
  ) throws -> [String: Int] {
    var faults: [Fault] = []
    var found: [String: (size: Int, input: String)] = [:]
    for input in inputs {
      let place = "input \"\(input.name)\""
      guard let tensor = tensors[input.name] else {
        if let needed, !needed.contains(input.name) { continue }
        faults.append(
          Fault(
            place: place, "missing; the graph needs \(input.type.element.rawValue) \(input.type.shapeText)"))
        continue
      }
      let declared = input.type.element
      guard tensor.elementType == declared || tensor.elementType == declared.inPrecision(double: inDouble)
      else {
        faults.append(
          Fault(
            place: place,
            "has the type \(tensor.elementType.rawValue), but the graph needs \(declared.rawValue)"))
        continue
      }
      guard input.accepts(tensor.shape) else {
        faults.append(
          Fault(
            place: place,
            "has the shape \(tensor.shapeText), but the graph needs \(input.type.shapeText)"))
        continue
      }
      for (dimension, size) in zip(input.type.shape, tensor.shape) {
        guard dimension.number == nil, let symbol = dimension.symbols.first else { continue }
        guard let other = found[symbol] else {
          found[symbol] = (size, input.name)
          continue
        }
        guard other.size != size else { continue }
        let with = other.input == input.name ? "" : " and input \"\(other.input)\""
        faults.append(
          Fault(
            place: place + with,
            "the size \(symbol) is \(size) here and \(other.size) \(with.isEmpty ? "on another axis" : "there")"
          ))
      }
    }
    let known = inputs.map(\.name)
    for name in tensors.keys.sorted() where !known.contains(name) {
      faults.append(
        Fault(
          place: "input \"\(name.excerpt())\"",
          "the graph has no such input; its inputs: " + known.joined(separator: ", "),
          nearest: nearest(to: name, among: known)))
    }
    try Faults(faults).check()
    return found.mapValues(\.size)
  }
}

extension NetworkInput {
  /// Whether a tensor of this shape can stand here, each symbol taken by itself.
  fileprivate func accepts(_ shape: [Int]) -> Bool {
    shape.count == type.rank
      && zip(type.shape, shape).allSatisfy { $1 >= 1 && ($0.number == nil || $0.number == $1) }
  }
}

extension Network {
  /// The names of the inputs that these values are computed from.
  public func inputs(neededFor values: [ValueID]) -> Set<String> {
    let producers = graph.producers()
    var isNeeded = [Bool](repeating: false, count: graph.values.count)
    var pending = values
    while let value = pending.popLast() {
      guard !isNeeded[value.index] else { continue }
      isNeeded[value.index] = true
      let producer = producers[value.index]
      if producer >= 0 { pending += graph.nodes[producer].inputs.compactMap { $0 } }
    }
    return Set(inputs.filter { isNeeded[$0.value.index] }.map(\.name))
  }
}
