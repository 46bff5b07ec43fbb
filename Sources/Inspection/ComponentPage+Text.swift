import LayerKit

extension ComponentPage {
  /// The page for a terminal.
  public func text(width: Int? = nil) -> String {
    var out = "\(title): \(family.rawValue) of module \(module)"
    if let hasGradient { out += hasGradient ? ", with a gradient" : ", without a gradient" }
    out += "\n\(schema.summary)\n"
    if !schema.formula.isEmpty { out += "\n" + schema.formula.indented(2) }
    if family == .layer {
      var ports = TextTable([.init(""), .init(""), .init("")])
      for (index, port) in portLines.enumerated() {
        ports.rows.append([index == 0 ? "inputs" : "", port.name, port.summary])
      }
      ports.rows.append(["outputs", outputText.plain])
      for (index, parameter) in schema.parameters.enumerated() {
        ports.rows.append([index == 0 ? "parameters" : "", parameter])
      }
      out += "\n" + ports.text(width: width)
    }
    if !schema.attributes.isEmpty {
      var table = TextTable([.init("attribute"), .init("default"), .init("accepts"), .init("")])
      for attribute in schema.attributes {
        table.rows.append([
          attribute.name, attribute.defaultText, attribute.acceptedText.plain, attribute.summary.plain,
        ])
      }
      out += "\n" + table.text()
    }
    if !examples.isEmpty { out += "\nexamples\n" }
    for example in examples { out += "  \(text(of: example))\n" }
    return out
  }

  /// The page as Markdown, under a heading of the third level.
  public var markdown: String {
    var out = "### `\(title)`\n\n\(schema.summary)"
    if hasGradient == false { out += " No gradient passes." }
    out += "\n"
    if !schema.formula.isEmpty { out += "\n```text\n\(schema.formula)\n```\n" }
    if family == .layer {
      let ports = portLines.map { port in
        let name = schema.leastInputs == nil ? "`\(port.name)`" : port.name
        return port.summary.isEmpty ? name : "\(name) (\(port.summary.withoutPeriod))"
      }
      out += "\nInputs: \(ports.isEmpty ? "none" : ports.joined(separator: ", ")). Outputs: \(outputText)."
      if !schema.parameters.isEmpty {
        out += " Parameters: \(schema.parameters.map { "`\($0)`" }.joined(separator: ", "))."
      }
      out += "\n"
    }
    if !schema.attributes.isEmpty {
      out += "\n| attribute | default | accepts | meaning |\n| --- | --- | --- | --- |\n"
      for attribute in schema.attributes {
        let standard = attribute.standard == nil ? attribute.defaultText : "`\(attribute.defaultText)`"
        let cells = ["`\(attribute.name)`", standard, attribute.acceptedText, attribute.summary]
        out += "| " + cells.map { $0.replacingBars }.joined(separator: " | ") + " |\n"
      }
    }
    if let example = examples.first {
      out += "\n```text\n\(text(of: example))\n```\n"
    }
    return out
  }
}

extension String {
  /// The text without the backquotes of Markdown.
  fileprivate var plain: String { filter { $0 != "`" } }

  fileprivate var withoutPeriod: String { hasSuffix(".") ? String(dropLast()) : self }

  /// The text with `|` escaped, which would end a cell.
  fileprivate var replacingBars: String {
    split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  fileprivate func indented(_ columns: Int) -> String {
    let margin = String(repeating: " ", count: columns)
    return split(separator: "\n", omittingEmptySubsequences: false).reduce(into: "") {
      $0 += "\(margin)\($1)\n"
    }
  }
}
