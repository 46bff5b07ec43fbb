import Diagnostics
import LayerKit
import StandardModule
import Tensors
import Testing

@testable import PluginHost

/// A manifest is made only where the program would read it, and register what it promises.
@Suite struct PluginDescriptionTests {
  /// The report of describing a library that was compiled with definitions.
  private func described(
    _ source: String, _ defines: [String], swift: String? = nil, in registry: Registry? = nil
  )
    throws -> String
  {
    let plugin = try CompiledPlugin.make(source: source, defines: defines, registers: [])
    return report(folder: String(plugin.library.dropLast(FileAccess.lastName(of: plugin.library).count + 1)))
    {
      _ = try PluginManifest.describing(library: plugin.library, swift: swift, in: registry) { _ in }
    }
  }

  @Test func whatTheReaderRefusesIsNotMade() throws {
    let start = "FOLDER/libtable.so: error: plugin \"table\" 0.1, "
    #expect(try described("table.c", []) == "no fault")
    #expect(
      try described("table.c", ["VERSION=\"0.1\"", "SUMMARY=0"], swift: "6.3.1") == """
        \(start)version: expected three whole numbers, "1.0.0", found "0.1"
        \(start)summary: expected a text that is not empty, found ""
        \(start)swift: expected the two numbers of a Swift, "6.3", found "6.3.1"
        """)
    #expect(
      try described("table.c", ["NAME=\"Fault-1\""])
        == "FOLDER/libtable.so: error: plugin \"table\": its table gives the name \"Fault-1\"; expected a "
        + "NAME of "
        + "small letters, digits and \"_\" that begins with a letter")
  }

  @Test func aFaultBeforeTheVersionIsKnownNamesThePlugin() throws {
    #expect(
      try described("table.c", ["FUNCTION=other"])
        == "FOLDER/libtable.so: error: plugin \"table\": its library is no plugin: it does not export the "
        + "function "
        + "nngraph_plugin_v1")
    let identity = PluginIdentity(name: "a", version: "", file: "liba.so")
    #expect(identity.title == "plugin \"a\"")
    #expect(PluginIdentity(name: "a", version: "1\u{1b}", file: "").title == "plugin \"a\" 1\\u{1b}")
    #expect(PluginOrigin(identity: identity, log: { _ in }).title == identity.title)
    let named = report { try identity.naming { throw Fault(.plugin, "is odd") } }
    #expect(named == "liba.so: error: plugin \"a\": is odd")
  }

  @Test func whatHasAnOwnerIsNotPromised() throws {
    var registry = Registry()
    try registry.register(StandardModule())
    let defines = ["ACTIVATION=\"relu\""]
    #expect(try described("twice.c", defines) == "no fault")
    #expect(
      try described("twice.c", defines, in: registry)
        == "FOLDER/libtwice.so: error: plugin \"twice\" 1.0.0: cannot be registered: activation \"relu\" "
        + "version 1 of "
        + "module \"twice\" belongs to module \"core\"")
    #expect(try described("twice.c", [], in: registry) == "no fault")
    // A linked module of the plugin's name makes room for it.
    var linked = Registry()
    try linked.register("twice", version: "0.1.0") { registrar in
      registrar.add(
        ComponentDefinition(.activation, Schema("double", "Doubles.")) { _ in throw LayerFault("is none") })
    }
    #expect(try described("twice.c", [], in: linked) == "no fault")
  }
}
