import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Tensors

/// A graph file and its canonical form.
public struct ReformattedGraph: Sendable {
  /// The file; `-` is standard input.
  public let path: String
  /// The canonical form.
  public let text: String
  /// Whether the file holds anything else.
  public let isChanged: Bool

  /// Reads a file. Throws what is wrong with its text; operators need not be known.
  public init(path: String, registry: Registry, limits: GraphLimits, overrides: [GraphOverride] = []) throws {
    let isStream = path == "-"
    let bytes =
      isStream
      ? try FileAccess.readStandardInput(limit: limits.fileBytes)
      : try FileAccess.readFile(path, limit: limits.fileBytes)
    let reading = GraphDocument.read(
      bytes, file: isStream ? "standard input" : path, folder: isStream ? "." : FileAccess.folder(of: path),
      limits: limits, overrides: overrides)
    try Faults(reading.faults).check()
    guard let document = reading.document else {
      throw Fault(.program, file: path, "gives neither a graph nor a fault")
    }
    self.path = path
    text = registry.canonicalForm(of: document)
    isChanged = !text.utf8.elementsEqual(bytes)
  }

  /// Writes the canonical form into the file, where it holds anything else.
  public func write() throws {
    if isChanged { try FileAccess.writeFile(path, Array(text.utf8)) }
  }
}

extension [ReformattedGraph] {
  /// The document `nngraph.fmt/1`; the text of standard input stands in it, unless the files were only checked.
  public func json(isCheck: Bool) -> JSONValue {
    .object([
      ("schema", .string("nngraph.fmt/1")),
      (
        "files",
        .array(
          map { graph in
            var members: [(String, JSONValue)] = [
              ("file", .string(graph.path)), ("changed", .boolean(graph.isChanged)),
            ]
            if graph.path == "-", !isCheck { members.append(("text", .string(graph.text))) }
            return .object(members)
          })
      ),
    ])
  }
}
