import Diagnostics
import LayerKit
import Tensors

extension PluginManifest {
  /// The manifest that a library deserves, by loading it: for whoever has just compiled one.
  ///
  /// `swift` is the Swift whose runtime the library needs, nil where it needs none. Throws what
  /// ``LoadedPlugin/load(_:log:)`` throws, and a fault where the file's name is not that of the plugin.
  public static func describing(
    library path: String, swift: String? = nil, log: @escaping @Sendable (String) -> Void
  ) throws -> PluginManifest {
    let file = FileAccess.lastName(of: path)
    guard let name = name(ofLibrary: file) else {
      throw Fault(
        .plugin, file: path, "is no library of a plugin; libNAME.so with \(namePattern) is accepted")
    }
    let sealed = try SealedLibrary(path)
    let sha256 = sealed.sha256
    let table: PluginTable
    do {
      let identity = PluginIdentity(name: name, version: "", file: path)
      table = try PluginTable(sealed.load(), identity)
    } catch let fault as LibraryFault {
      throw Fault(.plugin, file: path, "cannot be loaded: \(fault.text)")
    }
    guard table.name == name else {
      throw Fault(
        .plugin, file: path,
        "is the library of plugin \"\(table.name.excerpt())\", which belongs into "
          + "lib\(table.name.excerpt()).so"
      )
    }
    let identity = PluginIdentity(name: name, version: table.version, file: path)
    let components = try identity.naming {
      try LoadedTable(table.raw, identity: identity, log: log).components
    }
    return PluginManifest(
      name: name, version: table.version, summary: table.summary, interface: table.interface,
      host: table.host,
      swift: swift, sha256: sha256,
      components: components.map {
        PluginComponent($0.family, $0.schema.name, version: $0.schema.version, hasGradient: $0.hasGradient)
      }, folder: FileAccess.folder(of: path))
  }
}
