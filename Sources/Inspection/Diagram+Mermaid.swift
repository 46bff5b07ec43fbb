extension Diagram {
  /// The picture in the language of Mermaid, which Markdown pages show.
  public var mermaid: String {
    var out = "---\ntitle: \"\(title.printable)\"\n---\nflowchart TD\n"
    writeMermaid(cluster: 0, indent: "  ", &out)
    for arrow in arrows {
      let line = arrow.isSharing ? "-. \"parameters\" .->" : "-- \"\(Self.mermaidEscaped(arrow.label))\" -->"
      out += "  \(arrow.from) \(line) \(arrow.to)\n"
    }
    return out
  }

  // As deep as blocks are nested, which the limits of a graph bound.
  private func writeMermaid(cluster index: Int, indent: String, _ out: inout String) {
    for box in clusters[index].boxes {
      let label = box.lines.map(Self.mermaidEscaped).joined(separator: "<br/>")
      let (open, close) = box.role == .node ? ("[", "]") : ("([", "])")
      out += "\(indent)\(box.id)\(open)\"\(label)\"\(close)\n"
    }
    for inner in clusters[index].clusters {
      out += "\(indent)subgraph c\(inner) [\"\(Self.mermaidEscaped(clusters[inner].name))\"]\n"
      writeMermaid(cluster: inner, indent: indent + "  ", &out)
      out += "\(indent)end\n"
    }
  }

  private static func mermaidEscaped(_ text: String) -> String {
    var out = ""
    for scalar in text.printable.unicodeScalars {
      switch scalar {
      case "\"": out += "#quot;"
      case "<": out += "#lt;"
      case ">": out += "#gt;"
      case "#": out += "#35;"
      case "&": out += "#amp;"
      case "`": out += "#96;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
