import Diagnostics
import LayerKit

/// The plugins that a program has: those that its user gave it, and those that its graphs need.
///
/// A plugin that is given takes the place of a linked module of its name, so a program registers those of its
/// linked modules that ``names`` does not hold, then the given plugins by ``register(into:)``, and before it
/// compiles a graph what that needs by ``provide(_:to:)``. Nothing is loaded that is neither given nor
/// needed.
public struct PluginSet: Sendable {
  /// The plugins that were given by file.
  public let given: [LoadedPlugin]
  /// Where other plugins are found; nil where none are looked for, or not yet.
  public var search: PluginSearch?
  private let log: @Sendable (String) -> Void
  /// What became of the plugins that graphs needed; none is tried twice.
  private var needed: [String: Result<LoadedPlugin, Faults>] = [:]

  /// Loads the given plugins; each file is a manifest, or a library beside its manifest.
  ///
  /// Throws `Faults` with what is wrong with any of them.
  public init(
    files: [String], search: PluginSearch?, log: @escaping @Sendable (String) -> Void
  ) throws {
    var given: [LoadedPlugin] = []
    var faults: [Fault] = []
    var read: [String: String] = [:]
    for file in files {
      do {
        let manifest = try PluginManifest.read(PluginManifest.manifestFile(of: file))
        if let other = read.updateValue(file, forKey: manifest.name) {
          faults.append(
            manifest.fault("the plugin is given twice: \(other.excerpt(400)), \(file.excerpt(400))"))
        } else {
          given.append(try LoadedPlugin.load(manifest, log: log))
        }
      } catch {
        faults += allFaults(of: error, file: file).all
      }
    }
    try Faults(faults).check()
    self.given = given
    self.search = search
    self.log = log
  }

  /// The plugins that were loaded, given ones first.
  public var loaded: [PluginManifest] {
    let others = needed.values.compactMap { try? $0.get().manifest }
    return given.map(\.manifest) + others.sorted { $0.name < $1.name }
  }

  /// The names of the given plugins.
  public var names: Set<String> { Set(given.map(\.manifest.name)) }

  /// Registers the given plugins, and tells the registry what is known of those that are not loaded.
  ///
  /// Throws `Faults` for those whose names or components the registry has already.
  public func register(into registry: inout Registry) throws {
    var faults: [Fault] = []
    for plugin in given {
      do {
        try plugin.register(into: &registry)
      } catch {
        faults += allFaults(of: error, file: plugin.manifest.libraryFile).all
      }
    }
    describeAbsent(in: &registry)
    try Faults(faults).check()
  }

  /// Loads and registers those of the named plugins that the registry lacks and the search has found.
  ///
  /// A plugin that is refused stays absent, with the reason in the registry's ``Registry/absentModules``, for
  /// the fault of the graph that needs it.
  public mutating func provide(_ names: [String], to registry: inout Registry) {
    for name in names where registry.modules[name] == nil {
      do {
        try plugin(name)?.register(into: &registry)
        registry.absentModules.reasons[name] = nil
      } catch {
        registry.absentModules.reasons[name] = Self.reason(allFaults(of: error, file: name))
      }
    }
    describeAbsent(in: &registry)
  }

  /// The plugin of a name, loaded; nil where none was found. Throws `Faults`.
  private mutating func plugin(_ name: String) throws -> LoadedPlugin? {
    if let known = needed[name] { return try known.get() }
    if let refusal = search?.refused.first(where: { $0.name == name }) { throw refusal.faults }
    guard let manifest = search?[name] else { return nil }
    let result = Result { try LoadedPlugin.load(manifest, log: log) }
      .mapError { allFaults(of: $0, file: manifest.libraryFile) }
    needed[name] = result
    return try result.get()
  }

  private func describeAbsent(in registry: inout Registry) {
    registry.absentModules.advice = { [search] name in
      search?.advice(for: name) ?? "plugins were not looked for"
    }
    registry.absentModules.components = [:]
    for manifest in search?.manifests ?? [] where registry.modules[manifest.name] == nil {
      for component in manifest.components
      where registry.absentModules.components[component.family]?[component.name] == nil {
        registry.absentModules.components[component.family, default: [:]][component.name] = manifest.name
      }
    }
  }

  /// Faults as a part of a sentence: file, place and message of each.
  private static func reason(_ faults: Faults) -> String {
    faults.all.map { fault in
      let file = fault.file.map { $0.quotedForTerminal + (fault.text.map { ":\($0)" } ?? "") }
      return [file, fault.place.isEmpty ? nil : fault.place, fault.message].compactMap { $0 }.joined(
        separator: ": ")
    }.joined(separator: "; ")
  }
}
