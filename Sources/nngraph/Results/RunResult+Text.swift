import Compiler
import Diagnostics
import Inspection
import Tensors
import Training

extension RunResult {
  private static let mostRows = 20

  /// A table for each output; where `isDrawn`, the first row of probabilities as bars.
  func text(width: Int?, classes: [String: [String]], isDrawn: Bool) -> String {
    outputs.map { value in
      let type = value.tensor.elementType.rawValue
      let title = "\(value.name.quotedForTerminal)  \(type) \(value.tensor.shapeText)\n"
      if isDrawn, let bars = value.tensor.bars(words: classes[value.name]) { return title + bars }
      return title + value.tensor.table(words: classes[value.name]).text(width: width, indent: 2)
    }.joined()
  }

  /// The outputs as a safetensors file. Throws a fault for a name that such a file cannot hold.
  func outputFile() throws -> [UInt8] {
    // The one name that safetensors keeps for itself.
    if outputs.contains(where: { $0.name == "__metadata__" }) {
      throw Fault(
        place: "output \"__metadata__\"", "cannot be written; safetensors keeps this name for itself")
    }
    return Safetensors.bytes(of: outputs.map { ($0.name, $0.tensor) })
  }
}

extension Network {
  /// The words of the classes by output, for outputs that a metric compares with a column of words.
  func classWords(of result: RunResult) -> [String: [String]] {
    var words: [String: [String]] = [:]
    for setting in training?.metrics ?? [] {
      guard let output = outputs.first(where: { $0.value == setting.prediction })?.name,
        let target = inputs.first(where: { $0.value == setting.target })?.name
      else { continue }
      words[output] = training?.data?.inputs.first { $0.name == target }?.classes
    }
    return words
  }
}

extension Tensor {
  private var features: Int { shape.count < 2 ? 1 : shape.last ?? 1 }

  private func cell(_ index: Int) -> String {
    switch elements {
    case .float32(let values): Double(values[index]).significant()
    case .float64(let values): values[index].significant()
    case .int32(let values): "\(values[index])"
    case .bool(let values): "\(values[index])"
    }
  }

  /// The first rows and columns, a line for each place of all axes but the last.
  fileprivate func table(words: [String]?) -> TextTable {
    let rows = count / max(1, features)
    let shown = min(features, 10)
    var table = TextTable([.init("")] + (0..<shown).map { _ in .init("", .right) } + [.init("")])
    if let words, words.count == features, features > 1 {
      for column in 0..<shown { table.columns[column + 1].title = words[column].quotedForTerminal }
    }
    for row in 0..<min(rows, 20) {
      let cells = (0..<shown).map { cell(row * features + $0) }
      table.rows.append([shape.isEmpty ? "" : "\(row)"] + cells + [features > shown ? "..." : ""])
    }
    if rows > 20 { table.rows.append(["... \((rows - 20).grouped) more"]) }
    return table
  }

  /// The first row as a bar for each class; nil where it holds no probabilities.
  fileprivate func bars(words: [String]?) -> String? {
    guard shape.count == 2, elementType.isFloat, (2...100).contains(features) else { return nil }
    let values = Array(doubles.prefix(features))
    guard values.allSatisfy({ $0 >= 0 && $0 <= 1 }), (values.reduce(0, +) - 1).magnitude < 1e-3 else {
      return nil
    }
    let rows = values.enumerated().map { index, value in
      [
        words.flatMap { index < $0.count ? $0[index] : nil } ?? "\(index)", value.fixed(4),
        Bar.text(value, columns: 40),
      ]
    }
    return TextTable([.init(""), .init("", .right), .init("")], rows: rows).text(indent: 2)
  }
}

/// A bar of block characters, exact to an eighth of a column.
enum Bar {
  /// The filled part of a bar that takes `columns` where `share` is 1.
  static func text(_ share: Double, columns: Int) -> String {
    let eighths = Int((min(1, max(0, share)) * Double(8 * columns)).rounded())
    let parts = ["", "\u{258F}", "\u{258E}", "\u{258D}", "\u{258C}", "\u{258B}", "\u{258A}", "\u{2589}"]
    return String(repeating: "\u{2588}", count: eighths / 8) + parts[eighths % 8]
  }
}
