import Diagnostics
import Inspection
import JSONText
import Training

extension TrainingReport {
  /// What is about to be trained: rows, steps, and all settings.
  var plan: String {
    let parts = rows.filter { $0.count > 0 }.map { "\($0.count.grouped) \($0.part.rawValue)" }
    return TextTable(
      [.init(""), .init("")],
      rows: [
        ["graph", graph], ["rows", parts.joined(separator: ", ")],
        ["trainable parameters", parameterCount.grouped],
        ["steps", "\(steps.grouped) (\(stepsPerEpoch.grouped) an epoch, \(batchRows.grouped) rows each)"],
      ]
    ).text() + JSONWriter.canonicalText(settings)
  }

  /// What training gave: how it ended, loss and metrics of each part, and where it was saved.
  func outcome(folder: String?) -> String {
    guard let result else { return "" }
    let ending =
      switch result.end {
      case .finished: "trained"
      case .stoppedEarly: "stopped early"
      case .interrupted: "interrupted"
      }
    let best = result.bestEpoch.map { ", the parameters are those of epoch \($0)" } ?? ""
    var text =
      "\(graph): \(ending) after \(result.epochs.count.grouped) epoch\(result.epochs.count == 1 ? "" : "s"), "
      + "\(result.steps.grouped) step\(result.steps == 1 ? "" : "s"), "
      + "\(result.seconds.durationText)\(best)\n"
    var table = TextTable([.init("")])
    if let last = result.epochs.last {
      let figures = [NamedNumber(name: "loss", value: last.loss)] + last.metrics
      table.rows.append(["training"] + figures.cells)
    }
    for (part, evaluation) in evaluations { table.rows.append([part.rawValue] + evaluation.figures.cells) }
    let columns = table.rows.map(\.count).max() ?? 1
    table.columns += (1..<max(1, columns)).map { .init("", $0 % 2 == 0 ? .right : .left) }
    text += table.text(indent: 2)
    if let folder { text += "saved in \(folder.quotedForTerminal)\n" }
    return text
  }
}

extension [NamedNumber] {
  /// A name and a number, again and again.
  fileprivate var cells: [String] { flatMap { [$0.name, $0.value.significant()] } }
}
