import Compiler
import Diagnostics
import LayerKit
import Tensors

/// Finds the sizes of the inputs behind their batch axes, where symbols leave them to the data.
struct RowShapes {
  /// One input and what fills it.
  typealias Filling = (input: NetworkInput, raw: RawRows)

  /// The sizes that the data gave to symbols, and the input that gave each.
  private var sizes: [String: (size: Int, input: String)] = [:]
  /// The symbols of batch axes, which no row has a size for.
  private let batchSymbols: Set<String>

  /// The faults, and the sizes of a row of each input; nil where they could not be found.
  static func find(_ fillings: [Filling]) -> (shapes: [[Int]?], faults: [(input: String, fault: Fault)]) {
    var finder = RowShapes(fillings)
    var shapes = [[Int]?](repeating: nil, count: fillings.count)
    // An input may leave open what a later one settles, so go on until nothing new is found.
    var pending = Array(fillings.indices)
    while true {
      let left = pending.filter { index in
        shapes[index] = finder.shape(fillings[index])
        return shapes[index] == nil
      }
      if left.count == pending.count { break }
      pending = left
    }
    var faults: [(input: String, fault: Fault)] = []
    for (index, filling) in fillings.enumerated() {
      guard let shape = shapes[index] else {
        faults.append((filling.input.name, finder.unknownFault(filling)))
        continue
      }
      if shape.reduce(1, saturatingProduct) != filling.raw.width {
        faults.append((filling.input.name, finder.countFault(filling, shape)))
        shapes[index] = nil
      }
    }
    return (shapes, faults)
  }

  private init(_ fillings: [Filling]) {
    batchSymbols = fillings.reduce(into: []) { $0.formUnion($1.input.type.shape.first?.symbols ?? []) }
  }

  /// The sizes of a row as far as numbers and known symbols settle them; what is open is taken from the
  /// data.
  private mutating func shape(_ filling: Filling) -> [Int]? {
    let axes = filling.input.type.shape.dropFirst()
    let open = axes.filter { size($0) == nil }
    if filling.raw.table == nil, axes.count == filling.raw.rowShape.count {
      for (axis, size) in zip(axes, filling.raw.rowShape) { bind(axis, size, filling) }
    } else if open.count == 1, let axis = open.first {
      let known = axes.compactMap(size).reduce(1, saturatingProduct)
      if known > 0, filling.raw.width % known == 0 { bind(axis, filling.raw.width / known, filling) }
    }
    let found = axes.compactMap(size)
    return found.count == axes.count ? found : nil
  }

  private func size(_ axis: Dimension) -> Int? { axis.evaluate { sizes[$0]?.size } }

  private mutating func bind(_ axis: Dimension, _ size: Int, _ filling: Filling) {
    guard let symbol = axis.symbols.first, axis == Dimension(symbol: symbol), sizes[symbol] == nil,
      !batchSymbols.contains(symbol)
    else { return }
    sizes[symbol] = (size, filling.input.name)
  }

  private func unknownFault(_ filling: Filling) -> Fault {
    let open = filling.input.type.shape.dropFirst().filter { size($0) == nil }.map { "\($0)" }
    return Fault(
      file: filling.raw.file, place: "input \"\(filling.input.name)\"",
      "\(filling.raw.widthText) do not say the size of \(open.joined(separator: ", ")) in "
        + "\(filling.input.type.shapeText); a number in its place is accepted, "
        + "or a size bound when the graph is read")
  }

  private func countFault(_ filling: Filling, _ shape: [Int]) -> Fault {
    let bound = filling.input.type.shape.dropFirst().flatMap { $0.symbols.sorted() }.compactMap { symbol in
      sizes[symbol].map { "\(symbol) is \($0.size) by input \"\($0.input)\"" }
    }
    let count = shape.reduce(1, saturatingProduct)
    let notes = bound.isEmpty ? "" : " (\(bound.joined(separator: ", ")))"
    return Fault(
      file: filling.raw.file, place: "input \"\(filling.input.name)\"",
      "\(filling.raw.widthText) cannot fill \(filling.input.type.shapeText), which takes \(count) a row"
        + notes)
  }
}
