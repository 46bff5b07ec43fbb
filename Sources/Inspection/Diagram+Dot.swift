extension Diagram {
  /// The picture in the language of Graphviz.
  public var dot: String {
    var out = "digraph \"\(Self.dotEscaped(title))\" {\n"
    out += "  node [shape=box, fontname=\"Helvetica\", fontsize=11];\n"
    out += "  edge [fontname=\"Helvetica\", fontsize=9];\n"
    writeDot(cluster: 0, indent: "  ", &out)
    for arrow in arrows {
      let style = arrow.isSharing ? "style=dashed, constraint=false, label=\"parameters\"" : ""
      let label = arrow.isSharing ? style : "label=\"\(Self.dotEscaped(arrow.label))\""
      out += "  \(arrow.from) -> \(arrow.to) [\(label)];\n"
    }
    return out + "}\n"
  }

  // As deep as blocks are nested, which the limits of a graph bound.
  private func writeDot(cluster index: Int, indent: String, _ out: inout String) {
    for box in clusters[index].boxes {
      let label = box.lines.map(Self.dotEscaped).joined(separator: "\\n")
      let style =
        switch box.role {
        case .input, .output: ", shape=ellipse"
        case .node: ""
        }
      out += "\(indent)\(box.id) [label=\"\(label)\"\(style)];\n"
    }
    for inner in clusters[index].clusters {
      out += "\(indent)subgraph cluster_\(inner) {\n"
      out += "\(indent)  label=\"\(Self.dotEscaped(clusters[inner].name))\";\n"
      writeDot(cluster: inner, indent: indent + "  ", &out)
      out += "\(indent)}\n"
    }
  }

  private static func dotEscaped(_ text: String) -> String {
    var out = ""
    for scalar in text.printable.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { out += "\\" }
      out.unicodeScalars.append(scalar)
    }
    return out
  }
}
