import CPluginABI
import Diagnostics
import Foundation
import LayerKit
import Tensors
import Testing

@testable import PluginHost

/// The report of loading the table's library, compiled with definitions, as its manifest describes it.
private func load(_ defines: String..., change: (inout PluginManifest) -> Void = { _ in }) throws -> String {
  let plugin = try CompiledPlugin.make(source: "table.c", defines: defines, registers: [])
  var manifest = try PluginManifest.read(plugin.manifest)
  change(&manifest)
  return report(folder: manifest.folder) { _ = try LoadedPlugin.load(manifest) { _ in } }
}

private let start = "FOLDER/libtable.so: error: plugin \"table\" 1.0.0: "

@Suite struct TableTests {
  @Test func aSoundTableIsAccepted() throws {
    #expect(try load() == "no fault")
  }

  @Test func theFunctionAndItsTableAreThere() throws {
    #expect(
      try load("FUNCTION=nngraph_plugin_v2")
        == start + "its library is no plugin: it does not export the function nngraph_plugin_v1")
    #expect(try load("NO_TABLE") == start + "nngraph_plugin_v1 returned no table")
  }

  @Test func theInterfacesFit() throws {
    #expect(
      try load("MAJOR=2", "MINOR=3")
        == start
        + "it was compiled for interface 2.3, and this program has interface 1.0; install a version of "
        + "the plugin for interface 1, or a version of nngraph with interface 2")
    #expect(
      try load("MINOR=4", "NEEDS=3")
        == start
        + "it needs interface 1.3 or newer (and was compiled for 1.4), and this program has interface "
        + "1.0; install a newer nngraph, or an older version of the plugin")
    #expect(
      try load("POINTER=4")
        == start
        + "its table is for pointers of 4 bytes, and this program's have 8; compile the plugin for this "
        + "machine")
  }

  @Test func anOlderTableIsShorter() throws {
    // Whatever stands behind the size of the table is no part of it.
    let size = MemoryLayout<nngraph_plugin>.offset(of: \.metric_count) ?? 0
    #expect(try load("SIZE=\(size)", "TAIL") == "no fault")
    let plugin = try CompiledPlugin.make(source: "table.c", defines: ["SIZE=\(size)", "TAIL"], registers: [])
    let identity = PluginIdentity(name: "table", version: "1.0.0", file: plugin.library)
    let table = try PluginTable(SealedLibrary(plugin.library).load(), identity)
    #expect(table.raw.metric_count == 0)
    #expect(table.raw.metrics == nil)
    #expect(table.raw.size == size)
  }

  @Test func aNewerTableIsLonger() throws {
    #expect(
      try load("SIZE=sizeof(nngraph_plugin)+32", "MINOR=1") { $0.interface = .init(major: 1, minor: 1) }
        == "no fault")
  }

  @Test func sizesThatMeanNothingAreRefused() throws {
    let size = "; set `.size = sizeof(nngraph_plugin)`"
    #expect(
      try load("SIZE=8") == start + "its table gives its size as 8 bytes; accepted are 24 to 1048576" + size)
    #expect(
      try load("SIZE=40") == start + "its table gives its size as 40 bytes; accepted are 48 to 1048576" + size
    )
    #expect(
      try load("SIZE=(size_t)-1")
        == start + "its table gives its size as 18446744073709551615 bytes; accepted are 24 to 1048576" + size
    )
  }

  @Test func theTableIsThatOfTheManifest() throws {
    #expect(
      try load("NAME=\"other\"", "VERSION=\"2.0.0\"", "MINOR=1")
        == """
        \(start)its library gives the name "other", its manifest "table"
        \(start)its library gives the version "2.0.0", its manifest "1.0.0"
        \(start)its library gives the interface 1.1, its manifest 1.0
        """)
    #expect(try load("NAME=0") == start + "its table gives no name")
    #expect(try load("VERSION=0") == start + "its table gives no version")
    #expect(
      try load("NAME=\"\\xff\"") == start
        + "its table gives a name that is no UTF-8 text of at most 2000 bytes")
  }

  @Test func theManifestIsCheckedBeforeTheLibraryIsTouched() throws {
    #expect(
      try load("CHANGED=1") { $0.sha256 = String(repeating: "0", count: 64) }.replacing(
        #/is [0-9a-f]{64}/#, with: "is HASH")
        == start
        + "the library is not the one of its manifest: its SHA-256 is HASH, and FOLDER/table.nngplugin.json "
        + "names \(String(repeating: "0", count: 64)); if you have just built it: `nngraph plugin manifest "
        + "FOLDER/libtable.so`; else install both again")
    var manifest = PluginManifest(
      name: "far", version: "1.0.0", summary: "Nowhere.", host: .current,
      sha256: String(repeating: "0", count: 64), components: [], folder: "/nowhere")
    func refusal() -> String { report { _ = try LoadedPlugin.load(manifest) { _ in } } }
    let place = "/nowhere/libfar.so: error: plugin \"far\" 1.0.0: "
    #expect(refusal() == place + "cannot be opened: No such file or directory")
    #expect(faultKinds { _ = try LoadedPlugin.load(manifest) { _ in } } == [.io])
    manifest.swift = "5.9"
    #expect(
      refusal()
        == place
        + "it needs the runtime of Swift 5.9, and this program was compiled with Swift \(Toolchain.swift); "
        + "install the plugin for Swift \(Toolchain.swift), or one that has its own runtime inside")
    manifest.swift = Toolchain.swift
    #expect(refusal() == place + "cannot be opened: No such file or directory")
    manifest.interface = .init(major: 1, minor: 7)
    manifest.host = .init(major: 1, minor: 5)
    #expect(
      refusal().hasPrefix(place + "it needs interface 1.5 or newer (and was compiled for 1.7), and this"))
    manifest.host = .init(major: 1, minor: 0)
    #expect(refusal() == place + "cannot be opened: No such file or directory")
    manifest.interface = .init(major: 3, minor: 0)
    #expect(
      refusal().hasPrefix(place + "it was compiled for interface 3.0, and this program has interface 1.0;"))
    #expect(faultKinds { _ = try LoadedPlugin.load(manifest) { _ in } } == [.plugin])
  }
}

@Suite struct PromiseTests {
  private func definition(_ family: Family, _ name: String, _ version: Int = 1, gradient: Bool? = nil)
    -> ComponentDefinition
  {
    ComponentDefinition(family, Schema(name, version: version, "A thing."), hasGradient: gradient) { _ in
      throw LayerFault("is never made")
    }
  }

  private func broken(_ promised: [PluginComponent], _ found: [ComponentDefinition]) -> [String] {
    PluginManifest(
      name: "p", version: "1.0.0", summary: "A plugin.", host: .current, sha256: "", components: promised,
      folder: "f"
    ).brokenPromises(found).map { fault in
      #expect(fault.kind == .plugin && fault.file == "f/libp.so" && fault.place == "plugin \"p\" 1.0.0")
      return fault.message
    }
  }

  @Test func keptPromisesAreSilent() {
    let promised = [
      PluginComponent(.layer, "a", hasGradient: true), PluginComponent(.layer, "b", hasGradient: false),
      PluginComponent(.metric, "a"), PluginComponent(.layer, "a", version: 2, hasGradient: false),
    ]
    // A gradient that was not promised does no harm.
    #expect(
      broken(
        promised,
        [
          definition(.metric, "a"), definition(.layer, "a", gradient: true),
          definition(.layer, "b", gradient: true), definition(.layer, "a", 2, gradient: false),
        ]) == [])
  }

  @Test func brokenOnesAreNamed() {
    let promised = [
      PluginComponent(.layer, "a", hasGradient: true), PluginComponent(.loss, "b"),
      PluginComponent(.metric, "c", version: 2),
    ]
    #expect(
      broken(
        promised,
        [definition(.layer, "a", gradient: false), definition(.metric, "c", 3), definition(.activation, "b")])
        == [
          "its manifest promises a gradient of operator \"a\" version 1, and its library has none",
          "its manifest promises loss \"b\" version 1, which its library does not register",
          "its manifest promises metric \"c\" version 2, which its library does not register; it registers "
            + "version 3",
          "its library registers activation \"b\" version 1, which its manifest does not promise",
        ])
  }
}
