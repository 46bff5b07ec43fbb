import Diagnostics
import Foundation
import LayerKit
import StandardModule
import Tensors
import Testing

@testable import PluginHost

/// A module of the program that has the name of the plugin, and an activation.
private struct LinkedTwice: Module {
  static let name = "twice"
  static let version = "0.1.0"
  func register(into registrar: inout Registrar) {}
}

private func search(_ folder: String) -> PluginSearch {
  PluginSearch(
    PluginPlaces(
      environment: { $0 == PluginPlaces.variable ? folder : nil }, isPrivileged: false, home: { nil }))
}

private func pluginSet(_ files: [String] = [], _ search: PluginSearch? = nil) throws -> PluginSet {
  try PluginSet(files: files, search: search) { _ in }
}

@Suite struct LoadedPluginTests {
  @Test func aLibraryDescribesItself() throws {
    let plugin = try CompiledPlugin.make(source: "twice.c")
    let manifest = try PluginManifest.read(plugin.manifest)
    #expect(
      manifest.components == [
        PluginComponent(.layer, "twice", hasGradient: true), PluginComponent(.activation, "double"),
      ])
    #expect(manifest.identity == PluginIdentity(name: "twice", version: "1.0.0", file: plugin.library))
    #expect(manifest.summary == "Doubles.")
    #expect(manifest.interface == .current)
    let loaded = try LoadedPlugin.load(manifest) { _ in }
    #expect(loaded.components.map(\.schema.name) == ["twice", "double"])
    var registry = Registry()
    try loaded.register(into: &registry)
    #expect(registry.modules == ["twice": "1.0.0"])
    #expect(registry.entry(.layer, "twice")?.module == "twice")
    #expect(
      report(folder: manifest.folder) { try loaded.register(into: &registry) }
        == "FOLDER/libtwice.so: error: plugin \"twice\" 1.0.0: cannot be registered: module \"twice\" is "
        + "registered twice")
  }

  @Test func onlyALibraryUnderItsNameIsDescribed() throws {
    try withFolder { folder in
      let plugin = try CompiledPlugin.make(source: "twice.c")
      let bytes = try FileAccess.readFile(plugin.library, limit: 1 << 24)
      func describe(_ file: String) throws -> String {
        try FileAccess.writeFile(folder + "/" + file, bytes)
        return report(folder: folder) {
          _ = try PluginManifest.describing(library: folder + "/" + file) { _ in }
        }
      }
      #expect(try describe("libtwice.so") == "no fault")
      #expect(
        try describe("libthrice.so")
          == "FOLDER/libthrice.so: error: this is the library of plugin \"twice\", which belongs into "
          + "libtwice.so"
      )
      #expect(
        try describe("twice.so")
          == "FOLDER/twice.so: error: \"twice.so\" is no name of a plugin's library; libNAME.so with a NAME "
          + "of small letters, digits and \"_\" that begins with a letter is accepted")
    }
  }

  @Test func promisesAreHeldAgainstTheTable() throws {
    let promised = [
      PluginComponent(.layer, "twice", hasGradient: true), PluginComponent(.activation, "double", version: 2),
      PluginComponent(.metric, "m"),
    ]
    let plugin = try CompiledPlugin.make(source: "twice.c", defines: ["NO_BACKWARD"], registers: promised)
    let manifest = try PluginManifest.read(plugin.manifest)
    let start = "FOLDER/libtwice.so: error: plugin \"twice\" 1.0.0: its manifest promises "
    #expect(
      report(folder: manifest.folder) { _ = try LoadedPlugin.load(manifest) { _ in } }
        == """
        \(start)a gradient of operator "twice" version 1, and its library has none
        \(start)activation "double" version 2, which its library does not register; it registers version 1
        \(start)metric "m" version 1, which its library does not register
        """)
  }

  @Test func faultsOfComponentsNameThePlugin() throws {
    let plugin = try CompiledPlugin.make(source: "twice.c", defines: ["ACTIVATION=\"Two\""], registers: [])
    let manifest = try PluginManifest.read(plugin.manifest)
    let found = report(folder: manifest.folder) { _ = try LoadedPlugin.load(manifest) { _ in } }
    #expect(found.hasPrefix("FOLDER/libtwice.so: error: plugin \"twice\" 1.0.0, activation 0, name: "))
    #expect(faultKinds { _ = try LoadedPlugin.load(manifest) { _ in } } == [.plugin])
  }
}

@Suite struct PluginSetTests {
  @Test func aGivenPluginTakesThePlaceOfALinkedModule() throws {
    let plugin = try CompiledPlugin.make(source: "twice.c")
    for file in [plugin.library, plugin.manifest] {
      let set = try pluginSet([file])
      #expect(set.names == ["twice"])
      var registry = Registry()
      try registry.register(StandardModule())
      if !set.names.contains(LinkedTwice.name) { try registry.register(LinkedTwice()) }
      try set.register(into: &registry)
      #expect(registry.modules["twice"] == "1.0.0")
      #expect(registry.absentModules.advice?("swish") == "plugins were not looked for")
      // A program that registers both is told.
      var other = Registry()
      try other.register(LinkedTwice())
      #expect(report { try set.register(into: &other) }.hasSuffix("module \"twice\" is registered twice"))
      #expect(faultKinds { try set.register(into: &other) } == [.plugin])
    }
  }

  @Test func theFaultsOfAllGivenFilesAreReported() throws {
    try withFolder { folder in
      let plugin = try CompiledPlugin.make(source: "twice.c")
      let bad = folder + "/bad.nngplugin.json"
      try FileAccess.writeFile(bad, Array("{}".utf8))
      let found = report(folder: folder) {
        _ = try pluginSet([plugin.library, bad, folder + "/x.so", plugin.manifest])
      }
      let lines = found.split(separator: "\n").map(String.init)
      #expect(lines.first == "FOLDER/bad.nngplugin.json:1:1: error: the key \"format\" is missing")
      #expect(lines.dropLast().last?.hasPrefix("FOLDER/x.so: error: \"x.so\" is no plugin's name;") == true)
      #expect(
        lines.last
          == "\(plugin.library): error: plugin \"twice\" 1.0.0: the plugin is given twice: "
          + "\(plugin.library), "
          + plugin.manifest)
    }
  }

  @Test func componentsThatClashAreReported() throws {
    let plugin = try CompiledPlugin.make(source: "twice.c", defines: ["ACTIVATION=\"relu\""])
    var registry = Registry()
    try registry.register(StandardModule())
    let set = try pluginSet([plugin.library])
    #expect(
      report { try set.register(into: &registry) }
        == "\(plugin.library): error: plugin \"twice\" 1.0.0: cannot be registered: activation \"relu\" "
        + "version 1 of module \"twice\" belongs to module \"core\"")
    #expect(registry.modules.keys.sorted() == ["core"])
    #expect(registry.entry(.layer, "twice") == nil)
  }

  @Test func whatAGraphNeedsIsLoadedAndNothingElse() throws {
    try withFolder { folder in
      let plugin = try CompiledPlugin.make(source: "twice.c")
      _ = try CompiledPlugin.copy(plugin, into: folder)
      // A library that could not be loaded does no harm while no graph needs it.
      let manifest = PluginManifest(
        name: "gated", version: "1.0.0", summary: "Gates.", host: .current,
        sha256: String(repeating: "0", count: 64),
        components: [PluginComponent(.layer, "gate"), PluginComponent(.loss, "gap")], folder: folder)
      try manifest.write()
      var set = try pluginSet([], search(folder))
      var registry = Registry()
      try set.register(into: &registry)
      #expect(registry.modules.isEmpty)
      #expect(
        registry.absentModules.components == [
          .layer: ["gate": "gated", "twice": "twice"], .activation: ["double": "twice"],
          .loss: ["gap": "gated"],
        ])
      #expect(registry.absentModules.advice?("swish") == set.search?.advice(for: "swish"))
      set.provide(["twice", "nowhere"], to: &registry)
      #expect(registry.modules == ["twice": "1.0.0"])
      #expect(registry.absentModules.reasons.isEmpty)
      #expect(registry.absentModules.components == [.layer: ["gate": "gated"], .loss: ["gap": "gated"]])
      set.provide(["gated", "twice"], to: &registry)
      let refused = registry.absentModules.reasons
      #expect(
        refused == [
          "gated":
            "\(folder)/libgated.so: plugin \"gated\" 1.0.0: cannot be opened: No such file or directory"
        ])
      // Another registry gets the same, and what is registered stays as it is.
      var other = Registry()
      try other.register(LinkedTwice())
      set.provide(["twice", "gated"], to: &other)
      #expect(other.modules == ["twice": "0.1.0"])
      #expect(other.absentModules.reasons == refused)
    }
  }

  @Test func aRefusedManifestIsTheReason() throws {
    try withFolder { folder in
      let file = folder + "/gated.nngplugin.json"
      try FileAccess.writeFile(file, Array("[]".utf8))
      var set = try pluginSet([], search(folder))
      var registry = Registry()
      set.provide(["gated"], to: &registry)
      #expect(registry.absentModules.reasons == ["gated": "\(file):1:1: expected an object, found []"])
    }
  }

  @Test func withoutASearchNothingIsProvided() throws {
    var set = try pluginSet()
    var registry = Registry()
    set.provide(["gated"], to: &registry)
    #expect(registry.modules.isEmpty)
    #expect(registry.absentModules.reasons.isEmpty)
    #expect(registry.absentModules.advice?("swish") == "plugins were not looked for")
  }
}
