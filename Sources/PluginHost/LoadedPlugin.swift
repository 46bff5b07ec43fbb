import Diagnostics
import LayerKit

/// A plugin whose library was loaded and checked.
public struct LoadedPlugin: Sendable {
  /// What its manifest says, and its library confirmed.
  public let manifest: PluginManifest
  /// What it registers.
  public let components: [ComponentDefinition]

  /// Loads the library of a manifest: checks versions before it is opened, its bytes before they are loaded,
  /// and what it registers before any of it is used. `log` gets what the plugin has to say.
  ///
  /// Throws a `Fault`, or `Faults`, of kind `.plugin`; of kind `.io` where the library cannot be read.
  public static func load(
    _ manifest: PluginManifest, log: @escaping @Sendable (String) -> Void
  ) throws -> LoadedPlugin {
    let identity = manifest.identity
    let library = try identity.naming { try manifest.sealedLibrary().load(identity) }
    let table = try PluginTable(library, identity)
    try Faults(table.faults(against: manifest)).check()
    let components = try identity.naming {
      try TableReader.components(of: table.raw, identity, log: log)
    }
    try Faults(manifest.brokenPromises(components)).check()
    return LoadedPlugin(manifest: manifest, components: components)
  }

  /// Registers everything that the plugin offers under its name.
  ///
  /// Throws a `.plugin` fault where the registry has the module or one of the components already, and then
  /// changes nothing.
  public func register(into registry: inout Registry) throws {
    try Faults(defaultFaults(of: components, manifest.identity, in: registry)).check()
    do {
      try registry.register(manifest.name, version: manifest.version) { registrar in
        for component in components { registrar.add(component) }
      }
    } catch let fault as RegistrationFault {
      throw manifest.fault("cannot be registered: \(fault)")
    }
  }
}

extension SealedLibrary {
  /// Loads the copy for a plugin. Throws a `.plugin` fault that names it.
  fileprivate consuming func load(_ identity: PluginIdentity) throws(Fault) -> LoadedLibrary {
    do {
      return try load()
    } catch {
      throw identity.fault("the library cannot be loaded: \(error.text)")
    }
  }
}

extension PluginManifest {
  /// Throws what would keep the plugin from being loaded, so far as that shows without loading it.
  public func checkLibrary() throws { try identity.naming { _ = try sealedLibrary() } }

  /// Throws what shows that the plugin cannot be loaded without a look into its library: versions that do not
  /// fit, and a library that is absent or that others may write.
  func checkInstallation() throws {
    try identity.naming {
      try checkCompatibility()
      _ = try TrustedFile(libraryFile, limit: SealedLibrary.sizeLimit, what: SealedLibrary.what)
    }
  }

  /// The library's bytes, which are those of the manifest.
  fileprivate func sealedLibrary() throws -> SealedLibrary {
    try checkCompatibility()
    let sealed = try SealedLibrary(libraryFile)
    guard sealed.sha256 == sha256 else {
      throw Fault(
        .plugin,
        "the library is not the one of its manifest: its SHA-256 is \(sealed.sha256), and "
          + "\(file.excerpt(400)) names \(sha256); if you have just built it: `nngraph plugin manifest "
          + "\(libraryFile.excerpt(400))`; else install both again")
    }
    return sealed
  }

  /// Throws a fault where this program cannot load the plugin, whatever is in its library.
  func checkCompatibility(with ours: InterfaceVersion = .current, swift runtime: String = Toolchain.swift)
    throws(Fault)
  {
    if let refusal = incompatibility(interface: interface, needs: host, with: ours) { throw fault(refusal) }
    if let swift, swift != runtime {
      throw fault(
        "it needs the runtime of Swift \(swift), and this program was compiled with Swift \(runtime); "
          + "install the plugin for Swift \(runtime), or one that has its own runtime inside")
    }
  }

  /// What a library registers otherwise than its manifest promises.
  func brokenPromises(_ found: [ComponentDefinition]) -> [Fault] {
    let found = found.map {
      PluginComponent($0.family, $0.schema.name, version: $0.schema.version, hasGradient: $0.hasGradient)
    }
    var faults: [Fault] = []
    for promise in components {
      let named = found.filter { $0.family == promise.family && $0.name == promise.name }
      if let kept = named.first(where: { $0.version == promise.version }) {
        if promise.hasGradient == true, kept.hasGradient != true {
          faults.append(fault("its manifest promises a gradient of \(promise), and its library has none"))
        }
      } else {
        let instead = named.map { "version \($0.version)" }.joined(separator: ", ")
        faults.append(
          fault(
            "its manifest promises \(promise), which its library does not register"
              + (instead.isEmpty ? "" : "; it registers \(instead)")))
      }
    }
    for extra in found {
      let named = components.filter { $0.family == extra.family && $0.name == extra.name }
      // Another version of what was promised is told above.
      let isKnown = named.contains { $0.version == extra.version || !found.contains(sameAs: $0) }
      if !isKnown {
        faults.append(fault("its library registers \(extra), which its manifest does not promise"))
      }
    }
    return faults
  }
}

extension [PluginComponent] {
  /// Whether one of them has the same family, name and version.
  fileprivate func contains(sameAs other: PluginComponent) -> Bool {
    contains { $0.family == other.family && $0.name == other.name && $0.version == other.version }
  }
}
