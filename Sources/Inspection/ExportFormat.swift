import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors

/// A form that a network can be written in.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
  /// The canonical form of the graph file.
  case json
  /// A picture for Graphviz.
  case dot
  /// A picture for Markdown pages.
  case mermaid
  /// The parameters.
  case safetensors

  private static let endings: KeyValuePairs<String, ExportFormat> = [
    "json": .json, "dot": .dot, "gv": .dot, "mmd": .mermaid, "mermaid": .mermaid, "safetensors": .safetensors,
  ]

  /// The format that a file's ending names. Throws a usage fault for another ending.
  public init(ending path: String) throws(Fault) {
    let name = FileAccess.lastName(of: path)
    let ending = name.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
    guard let found = Self.endings.first(where: { $0.key == ending }) else {
      let known = Self.endings.map { ".\($0.key)" }
      throw Fault(
        .usage,
        "no format ends in \"\(name.excerpt())\"; accepted: \(known.joined(separator: ", ")), or --to",
        nearest: ending.isEmpty ? nil : nearest(to: ".\(ending)", among: known))
    }
    self = found.value
  }

  /// The network in this form. Throws where parameters cannot be read; they may take `limit` bytes.
  public func bytes(of network: Network, registry: Registry, limit: Int) throws -> [UInt8] {
    switch self {
    case .json: return Array(registry.canonicalForm(of: network.document).utf8)
    case .dot: return Array(Diagram(network).dot.utf8)
    case .mermaid: return Array(Diagram(network).mermaid.utf8)
    case .safetensors: return Safetensors.bytes(of: try network.presentParameters(limit: limit).tensors())
    }
  }
}
