import Testing

/// The walls between the rooms, as Package.swift draws them.
@Suite struct WallTests {
  @Test func everyImportIsDeclared() throws {
    let manifest = try Package.manifest()
    #expect(manifest.targets.count > 20, "the manifest was not understood")
    for target in manifest.targets where target.kind != .system {
      for file in Package.files(in: target.path) {
        let found = Walls.undeclaredImports(try Package.text(file), file: file, of: target)
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
      }
    }
  }

  @Test func everyDependencyStandsAbove() throws {
    #expect(Walls.downwardDependencies(try Package.manifest()) == [])
  }

  @Test func everySourceFolderIsATarget() throws {
    let manifest = try Package.manifest()
    for file in Package.files(in: "Sources") + Package.files(in: "plugins")
    where !file.hasPrefix("plugins/examples/") {
      #expect(
        manifest.targets.contains { file.hasPrefix($0.path + "/") }, "\(file) belongs to no target")
    }
  }

  @Test func jsonCIsSeenByOneRoom() throws {
    let rooms = try Package.manifest().targets.filter { $0.dependencies.contains("CJSONC") }.map(\.name)
    #expect(rooms == ["JSONText"])
  }

  /// One file for the products of matrices, and one that belongs to the plugin of convolutions.
  @Test func oneDNNIsSeenByFewFiles() throws {
    let files = try Package.productSources(endings: [".c", ".h"]).filter {
      try Package.text($0).contains("<dnnl")
    }
    #expect(
      Set(files.map { $0.split(separator: "/").dropLast().joined(separator: "/") })
        == ["Sources/CKernels", "plugins/convolution/COneDNN"])
  }

  @Test func aPluginSeesTheKitAndTheKernelsAlone() throws {
    let manifest = try Package.manifest()
    let plugins = manifest.targets.filter { $0.path.hasPrefix("plugins/") && $0.path.hasSuffix("/Sources") }
    #expect(plugins.count >= 2)
    for plugin in plugins {
      let folder = plugin.path.dropLast("Sources".count)
      // C targets of the plugin's own.
      let own = manifest.targets.filter { $0.path.hasPrefix(folder) && $0.name.hasPrefix("C") }.map(\.name)
      #expect(Set(plugin.dependencies).isSubset(of: Set(["LayerKit", "Kernels"] + own)), "\(plugin.name)")
    }
  }

  @Test func theProductsNeedNoFoundation() throws {
    for file in try Package.productSources() {
      let imports = SourceText(try Package.text(file)).imports
      #expect(!imports.contains("Foundation"), "\(file) imports Foundation")
    }
  }

  @Test func noUnsafeFlagShutsOutDependents() throws {
    #expect(!(try Package.text("Package.swift")).contains("unsafeFlags"))
  }
}
