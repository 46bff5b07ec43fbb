import LayerKit

extension NetworkSummary {
  /// The summary as aligned text; lines longer than `width` are cut in names and inputs.
  public func text(width: Int? = nil) -> String {
    var out = "\(name) (\(file.printable))\n"
    if let description { out += "\(description.printable)\n" }
    out += "\n" + interface(width) + "\n" + table(width) + "\n" + sums()
    return out
  }

  private func interface(_ width: Int?) -> String {
    var table = TextTable([
      .init(""), .init("", flexible: true), .init(""), .init(""), .init("", flexible: true),
    ])
    func add(_ what: String, _ values: [Value]) {
      for (index, value) in values.enumerated() {
        table.rows.append([
          index == 0 ? what : "", value.name, value.type.shapeText, value.type.element.rawValue,
          value.summary ?? "",
        ])
      }
    }
    add("inputs", inputs)
    add("outputs", outputs)
    if !plugins.isEmpty { table.rows.append(["plugins", plugins.joined(separator: ", ")]) }
    return table.text(width: width)
  }

  private func table(_ width: Int?) -> String {
    var table = TextTable([
      .init("node", flexible: true), .init("op"), .init("inputs", flexible: true), .init("shape"),
      .init("parameters", .right), .init("operations", .right), .init("activations", .right),
    ])
    for row in rows {
      let inputs = row.inputs.map { $0 ?? "-" }.joined(separator: ", ")
      table.rows.append([
        row.name, row.repeats.map { "\(row.op) x \($0)" } ?? row.op, inputs, row.shape.text,
        row.shared.map { "of \($0)" } ?? row.parameters.grouped, row.operations.grouped,
        row.activationBytes.byteText,
      ])
    }
    return table.text(width: width)
  }

  private func sums() -> String {
    let known = { (number: Int?) in number.map(\.grouped) ?? "unknown" }
    let bytes = { (number: Int?) in number.map(\.byteText) ?? "unknown" }
    var parameters =
      "\(totals.parameters.grouped) (\(totals.trainable.grouped) trainable, \(totals.frozen.grouped) frozen)"
    if totals.states > 0 { parameters += " and \(totals.states.grouped) in states" }
    var table = TextTable([.init(""), .init("")])
    table.rows.append(["parameters", "\(parameters), \(totals.parameterBytes.byteText)"])
    var operations = "\(known(totals.operationsRun)) for a run"
    var memory = "\(bytes(totals.activationBytesRun)) for a run"
    if let train = totals.operationsTrain, let trainBytes = totals.activationBytesTrain {
      operations += ", \(train.grouped) for a training step"
      memory += ", \(trainBytes.byteText) for a training step"
    }
    table.rows.append(["operations", operations])
    table.rows.append(["activations", memory])
    var out = table.text()
    if !assumed.symbols.isEmpty {
      let names = assumed.symbols.joined(separator: ", ")
      out += "\(names) \(assumed.symbols.count == 1 ? "counts" : "count") \(assumed.size); "
      out += "--set NAME=SIZE binds a symbol\n"
    }
    for note in notes { out += "\(note.printable)\n" }
    return out
  }
}
