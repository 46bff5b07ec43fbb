import Diagnostics
import LayerKit
import Tensors

extension PluginManifest {
  /// The manifest that a library deserves, by loading it: for whoever has just compiled one.
  ///
  /// `swift` is the Swift whose runtime the library needs, nil where it needs none. With a `registry`, what
  /// the plugin offers is held against what that has. Throws what ``LoadedPlugin/load(_:log:)`` throws, and
  /// faults for whatever would keep the manifest from being read and the plugin from being registered.
  public static func describing(
    library path: String, swift: String? = nil, in registry: Registry? = nil,
    log: @escaping @Sendable (String) -> Void
  ) throws -> PluginManifest {
    let (table, name, sha256) = try table(ofLibrary: path)
    let identity = PluginIdentity(name: name, version: table.version, file: path)
    var faults: [Fault] = []
    var components: [ComponentDefinition] = []
    do {
      components = try TableReader.components(of: table.raw, identity, log: log)
    } catch {
      faults = error.all
    }
    let manifest = PluginManifest(
      name: name, version: table.version, summary: table.summary, interface: table.interface,
      host: table.host, swift: swift, sha256: sha256,
      components: components.map {
        PluginComponent($0.family, $0.schema.name, version: $0.schema.version, hasGradient: $0.hasGradient)
      }, folder: FileAccess.folder(of: path))
    faults += manifest.readingFaults()
    faults += manifest.registrationFaults(components, in: registry)
    try identity.naming { try Faults(faults).check() }
    return manifest
  }

  /// What the library of that path returns, the name that its file gives it, and its SHA-256.
  private static func table(ofLibrary path: String) throws -> (PluginTable, name: String, sha256: String) {
    let file = FileAccess.lastName(of: path)
    guard let name = name(ofLibrary: file) else {
      throw Fault(
        .plugin, file: path,
        "\"\(file.excerpt())\" is no name of a plugin's library; libNAME.so with \(namePattern) is accepted")
    }
    let sealed = try SealedLibrary(path)
    let sha256 = sealed.sha256
    let identity = PluginIdentity(name: name, version: "", file: path)
    let table: PluginTable
    do {
      table = try PluginTable(sealed.load(), identity)
    } catch let fault as LibraryFault {
      throw identity.fault("the library cannot be loaded: \(fault.text)")
    }
    guard isPluginName(table.name) else {
      throw identity.fault(
        "its table gives the name \"\(table.name.excerpt())\"; expected \(namePattern)")
    }
    guard table.name == name else {
      throw Fault(
        .plugin, file: path,
        "this is the library of plugin \"\(table.name.excerpt())\", which belongs into "
          + "lib\(table.name.excerpt()).so")
    }
    return (table, name, sha256)
  }

  /// What the reader of manifests says of this one.
  private func readingFaults() -> [Fault] {
    do {
      _ = try PluginManifest.read(Array(text.utf8), path: file)
      return []
    } catch {
      // The text that the places are in was never written.
      return allFaults(of: error, file: file).all.map {
        Fault($0.kind, file: libraryFile, place: $0.place, $0.message, nearest: $0.nearest)
      }
    }
  }

  /// What would keep the components from being registered, alone and beside those of `registry`.
  ///
  /// A plugin takes the place of a linked module of its name, so what that offers is in nobody's way.
  private func registrationFaults(_ components: [ComponentDefinition], in registry: Registry?) -> [Fault] {
    var faults: [Fault] = []
    var own = Registry()
    do {
      try own.register(name, version: version) { registrar in
        for component in components { registrar.add(component) }
      }
    } catch {
      faults.append(fault("cannot be registered: \(error)"))
    }
    guard let registry else { return faults }
    for component in self.components {
      let owner = registry.entry(component.family, component.name, version: component.version)?.module
      guard let owner, owner != name else { continue }
      faults.append(
        fault(
          "cannot be registered: \(component) of module \"\(name)\" belongs to module \"\(owner)\""))
    }
    return faults + defaultFaults(of: components, identity, in: registry)
  }
}
