import Diagnostics
import Inspection
import Training

extension EvaluationReport {
  /// Which rows, loss and metrics, a line each, and the confusion matrix.
  func text(width: Int?) -> String {
    let count = evaluation.rowCount
    var table = TextTable([.init(""), .init("")])
    table.rows = [["rows", "\(part.rawValue), \(count.grouped)"]]
    table.rows += evaluation.figures.map { [$0.name, $0.value.significant()] }
    guard let counts = evaluation.confusion else { return table.text() }
    let words = counts.indices.map { index in
      classes.flatMap { index < $0.count ? $0[index].quotedForTerminal : nil } ?? "\(index)"
    }
    var matrix = TextTable([.init("true \\ given")] + words.map { .init($0, .right) })
    matrix.rows = counts.indices.map { truth in
      [words[truth]] + counts[truth].map { $0 == 0 ? "." : $0.grouped }
    }
    return table.text() + "\n" + matrix.text()
  }
}

extension Evaluation {
  /// The loss, where there is one, and the metrics.
  var figures: [NamedNumber] {
    (loss.map { [NamedNumber(name: "loss", value: $0)] } ?? []) + metrics
  }
}
