import Diagnostics
import JSONText
import Training

extension ZooIndex {
  /// A line a model: name, task, parameters, bytes, first metric, its rows, licence.
  public var text: String {
    let rows = entries.map { entry -> [String] in
      guard let record = entry.record else { return [entry.name, entry.task, "not recorded"] }
      let metric = record.figures.metrics.first.map { "\($0.name) \($0.value.figure)" } ?? ""
      return [
        entry.name, entry.task, "\(record.parameters)", "\(record.bytes)", metric, record.figures.rowsText,
        entry.licence,
      ]
    }
    return aligned([["name", "task", "parameters", "bytes", "metric", "rows", "licence"]] + rows)
  }
}

extension ZooEntry {
  /// Everything that is known of the model, a line each, the sample left out.
  public var text: String {
    var rows = [
      ["name", name], ["task", task], ["description", description],
      ["data", "\(data.name); \(data.source); \(data.licence)"], ["licence", licence],
    ]
    guard let record else { return aligned(rows + [["record", "none yet"]]) }
    rows += [["parameters", "\(record.parameters)"], ["bytes", "\(record.bytes)"]]
    for metric in record.figures.metrics {
      rows.append([metric.name, "\(metric.value.figure) on \(record.figures.rowsText)"])
    }
    rows.append(["training", "\(record.figures.epochs) epochs from seed \(record.figures.seed)"])
    for file in record.files { rows.append([file.role.rawValue, "\(file.path), sha256 \(file.sha256)"]) }
    return aligned(rows)
  }
}

extension ZooVerification {
  /// A line a check, and one that says whether all passed.
  public var text: String {
    let rows = checks.map {
      ["  \($0.passed ? "passed" : "FAILED")", $0.kind.rawValue, $0.subject, $0.message]
    }
    return aligned([["\(name.quotedForTerminal): \(passed ? "passed" : "failed")"]]) + aligned(rows)
  }

  /// `nngraph.zoo.verify/1` of several models: `passed` and `failed` count models.
  public static func json(_ all: [ZooVerification]) -> JSONValue {
    let models = all.map { model -> JSONValue in
      let checks = model.checks.map { check -> JSONValue in
        .object([
          ("check", .string(check.kind.rawValue)), ("subject", .string(check.subject)),
          ("passed", .boolean(check.passed)), ("message", .string(check.message)),
        ])
      }
      return .object([
        ("name", .string(model.name)), ("passed", .boolean(model.passed)), ("checks", .array(checks)),
      ])
    }
    let passed = all.filter(\.passed).count
    return .object([
      ("schema", .string("nngraph.zoo.verify/1")), ("passed", .integer(passed)),
      ("failed", .integer(all.count - passed)), ("models", .array(models)),
    ])
  }
}

extension ZooFigures {
  /// `360 test rows`.
  public var rowsText: String { rows == .all ? "all \(rowCount) rows" : "\(rowCount) \(rows.rawValue) rows" }
}

extension Double {
  /// The number with four digits behind the point, or its first three digits where it is small.
  var figure: String {
    guard isFinite, magnitude < 1e11 else { return "\(self)" }
    if self == 0 { return "0" }
    if magnitude < 0.01 {
      var power = 1.0
      while (magnitude * power) < 100, power < 1e300 { power *= 10 }
      return JSONNumber((self * power).rounded() / power)?.canonicalText ?? "\(self)"
    }
    let scaled = Int((magnitude * 1e4).rounded())
    let digits = String(scaled % 10_000)
    return (self < 0 ? "-" : "") + "\(scaled / 10_000)." + String(repeating: "0", count: 4 - digits.count)
      + digits
  }
}

/// Rows of cells in columns, a line each, without white space at their ends; control characters are escaped.
private func aligned(_ rows: [[String]]) -> String {
  let cells = rows.map { $0.map(\.quotedForTerminal) }
  var widths: [Int] = []
  for row in cells {
    for (column, cell) in row.dropLast().enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], cell.unicodeScalars.count)
    }
  }
  let lines = cells.map { row -> String in
    var line = ""
    for (column, cell) in row.enumerated() {
      line += cell
      if column + 1 < row.count {
        line += String(repeating: " ", count: widths[column] - cell.unicodeScalars.count + 2)
      }
    }
    return line
  }
  return lines.map { $0 + "\n" }.joined()
}
