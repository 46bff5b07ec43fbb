extension Fault: CustomStringConvertible {
  /// One line: `graph.json:6:18: error: nodes[0] "hidden", units: ...; did you mean "..."?`.
  public var description: String {
    var line = ""
    if let file {
      line += file.quotedForTerminal
      if let text, text.line > 0 { line += ":\(text)" }
      line += ": "
    }
    line += "error: "
    if !place.isEmpty { line += "\(place): " }
    line += message
    if let nearest { line += "; did you mean \"\(nearest)\"?" }
    return line
  }
}

extension Faults: CustomStringConvertible {
  /// The report: a line for each fault.
  public var description: String { all.map(\.description).joined(separator: "\n") }
}

extension String {
  /// The text with control characters written as escapes, so that no file can steer a terminal.
  public var quotedForTerminal: String {
    var out = ""
    for scalar in unicodeScalars {
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        out += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// At most `limit` characters of the text, with control characters escaped, for an error message.
  public func excerpt(_ limit: Int = 80) -> String {
    let short = prefix(limit)
    return String(short).quotedForTerminal + (short.endIndex == endIndex ? "" : "...")
  }
}
