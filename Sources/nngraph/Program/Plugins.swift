import Diagnostics
import LayerKit
import NNGraph
import PluginHost
import Synchronization

/// The plugins of one call of the program: those of `--plugin`, and those that its graphs turn out to need.
final class Plugins: Sendable {
  /// The manifests of the plugins of `--plugin`.
  let given: [PluginManifest]
  private let searches: Bool
  private let plugins: Mutex<PluginSet>

  /// Loads the plugins of `--plugin`, or reads their manifests alone. Throws `Faults` with what is wrong with any
  /// of them.
  init(_ globals: GlobalOptions, loads: Bool, log: @escaping @Sendable (String) -> Void) throws {
    let set = try PluginSet(files: loads ? globals.plugins : [], search: nil, log: log)
    given =
      try loads
      ? set.given.map(\.manifest)
      : globals.plugins.map { try PluginManifest.read(PluginManifest.manifestFile(of: $0)) }
    searches = globals.searchesPlugins
    plugins = Mutex(set)
  }

  /// The registry: what is linked in, but what a given plugin takes the place of, and the given plugins.
  ///
  /// It looks for further plugins when a graph needs one. Throws a fault where two modules claim one name.
  func registry() throws -> Registry {
    let set = plugins.withLock { $0 }
    var registry: Registry
    do {
      registry = try LinkedModules.registry(with: set)
    } catch let fault as RegistrationFault {
      throw Fault(.program, fault.description)
    }
    registry.provide = { [weak self] names, registry in self?.provide(names, to: &registry) }
    return registry
  }

  /// Loads the plugins of those names into the registry; the folders are looked at when this is first asked.
  private func provide(_ names: [String], to registry: inout Registry) {
    plugins.withLock { set in
      if searches, set.search == nil { set.search = Self.search() }
      set.provide(names, to: &registry)
    }
  }

  /// The plugins that were loaded, with their versions.
  var loaded: [(name: String, version: String)] {
    plugins.withLock { $0.loaded.map { ($0.name, $0.version) } }
  }

  /// What stands in the folders for plugins; nil where they are not to be looked at.
  var search: PluginSearch? { searches ? Self.search() : nil }

  private static func search() -> PluginSearch {
    PluginSearch(PluginPlaces(environment: environment))
  }
}
