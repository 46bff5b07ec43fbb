import Diagnostics
import JSONText
import LayerKit
import PluginHost
import Tensors

/// What a plugin's manifest says, and whether its library could be loaded; the library is hashed, not opened.
public struct PluginPage: Sendable {
  public let manifest: PluginManifest
  /// Why the plugin would be refused; empty where nothing speaks against loading it.
  public let faults: [Fault]

  /// Reads what belongs to a manifest.
  public init(_ manifest: PluginManifest) {
    self.manifest = manifest
    do {
      try manifest.checkLibrary()
      faults = []
    } catch let found as Faults {
      faults = found.all
    } catch {
      faults = [(error as? Fault) ?? Fault(.plugin, file: manifest.libraryFile, "\(error)")]
    }
  }

  /// The page as text.
  public func text(width: Int? = nil) -> String {
    var table = TextTable([.init(""), .init("", flexible: true)])
    table.rows = [
      ["plugin", "\(manifest.name) \(manifest.version)"], ["", manifest.summary],
      ["library", manifest.libraryFile.quotedForTerminal], ["sha256", manifest.sha256],
      ["interface", "\(manifest.interface); a program of \(manifest.host) or newer will do"],
      ["runtime", manifest.swift.map { "Swift \($0)" } ?? "none"],
    ]
    var out = table.text(width: width) + "\n"
    var components = TextTable([.init("registers"), .init(""), .init("")])
    components.rows = manifest.components.map { one in
      [
        one.family.rawValue, one.version == 1 ? one.name : "\(one.name)@\(one.version)",
        one.hasGradient.map { $0 ? "with gradient" : "without gradient" } ?? "",
      ]
    }
    out += components.text(width: width) + "\n"
    return out
      + (faults.isEmpty
        ? "nothing speaks against loading it\n" : faults.map { "refused: \($0)\n" }.joined())
  }

  /// The document `nngraph.plugin.inspect/1`.
  public var json: JSONValue {
    .object([
      ("schema", .string("nngraph.plugin.inspect/1")), ("manifest", manifest.json),
      ("file", .string(manifest.file)), ("library", .string(manifest.libraryFile)),
      ("loadable", .boolean(faults.isEmpty)),
      ("faults", .array(faults.map { .string($0.description) })),
    ])
  }
}
