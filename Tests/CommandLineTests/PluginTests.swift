import Foundation
import Testing

/// Plugins as the program meets them: compiled C libraries in folders, and graphs that need them.
@Suite struct PluginTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A folder with the example `gated` in `plugins/` and a graph that uses it.
  private func withGated() throws -> Workplace {
    let place = try Workplace()
    try compile("plugins/examples/gated-c/gated.c", into: place, library: "plugins/libgated.so")
    try place.write(
      """
      {"format": "nngraph/1", "name": "gate", "inputs": {"x": {"shape": ["batch", 2]}},
       "nodes": [{"name": "y", "op": "gated_linear", "inputs": ["x"], "units": 1}],
       "outputs": ["y"], "plugins": ["gated"],
       "parameters": {"values": {"y.value_weight": [[1, 2]], "y.value_bias": [0],
                                 "y.gate_weight": [[0, 0]], "y.gate_bias": [0]}}}
      """, "gate.json")
    try place.write("[[1, 2], [3, 4]]", "x.json")
    let written = try run(place, "plugin", "manifest", "plugins/libgated.so")
    #expect(written.code == 0, "\(written.errors)")
    #expect(written.output == "plugins/gated.nngplugin.json\n")
    return place
  }

  private func compile(
    _ source: String, into place: Workplace, library: String, defining defines: [String] = []
  ) throws {
    let file = place.folder.appendingPathComponent(library)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments =
      ["cc", "-std=c99", "-O1", "-w", "-shared", "-fPIC", "-D_DEFAULT_SOURCE"] + defines.map { "-D\($0)" }
      + ["-I", Self.root.appendingPathComponent("Sources/CPluginABI/include").path]
      + [URL(fileURLWithPath: source, relativeTo: Self.root).path, "-lm", "-o", file.path]
    try compiler.run()
    compiler.waitUntilExit()
    #expect(compiler.terminationStatus == 0)
    // Whatever the umask: what others may write is refused.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  /// Runs the program where the user has no plugins of his own, with a folder to look in or without.
  private func run(
    _ place: Workplace, _ arguments: String..., looking folder: String? = nil
  ) throws -> Outcome {
    let path = folder.map { place.folder.appendingPathComponent($0).path } ?? ""
    let setting = [
      "NNGRAPH_PLUGIN_PATH": path, "XDG_DATA_HOME": place.folder.appendingPathComponent("home").path,
    ]
    return place.outcome(of: try place.start(arguments, setting: setting))
  }

  @Test func aFoundPluginIsLoadedWhenAGraphNeedsIt() throws {
    let place = try withGated()
    let listed = try run(place, "plugin", "list", looking: "plugins")
    #expect(listed.output.contains("gated"))
    #expect(listed.output.contains("1 operator, 1 activation, 1 optimizer"))
    let given = try run(place, "run", "gate.json", "--input", "x=x.json", "--json", looking: "plugins")
    let outputs = given.json()["outputs"] as? [String: [String: Any]]
    // Half of what the value says, for the gate is at sigmoid(0).
    #expect(outputs?["y"]?["values"] as? [Double] == [2.5, 5.5])
    let byFile = try run(
      place, "run", "gate.json", "--input", "x=x.json", "--json", "--plugin", "plugins/libgated.so")
    #expect(byFile.output == given.output)
  }

  @Test func anAbsentPluginIsNamedWithWhereItWasLookedFor() throws {
    let place = try withGated()
    let checked = try run(place, "check", "gate.json")
    #expect(checked.code == 1)
    for part in [
      "gate.json:3:32: error: plugins[0]: plugin \"gated\" is not there",
      "it seems to be needed by \"y\" (gated_linear)", "home/nngraph/plugins (does not exist)",
      "put libgated.so and gated.nngplugin.json into", "or give --plugin FILE",
    ] { #expect(checked.errors.contains(part) || checked.output.contains(part), "no \(part)") }
    #expect(try run(place, "run", "gate.json", "--input", "x=x.json").code == 3)
    let none = try run(place, "run", "gate.json", "--input", "x=x.json", "--no-plugins", looking: "plugins")
    #expect(none.code == 3)
    #expect(none.errors.contains("plugins were not looked for"))
  }

  @Test func anUnlistedOperatorIsToldToBelongToItsPlugin() throws {
    let place = try withGated()
    try place.write(place.text("gate.json").replacing(#", "plugins": ["gated"]"#, with: ""), "bare.json")
    let outcome = try run(place, "check", "bare.json", looking: "plugins")
    #expect(
      (outcome.output + outcome.errors).contains(
        "operator \"gated_linear\" belongs to plugin \"gated\", which the graph does not list"))
  }

  @Test func aLibraryThatIsNotThatOfItsManifestIsRefused() throws {
    let place = try withGated()
    let library = place.folder.appendingPathComponent("plugins/libgated.so")
    let handle = try FileHandle(forWritingTo: library)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data([0]))
    try handle.close()
    let outcome = try run(place, "run", "gate.json", "--input", "x=x.json", looking: "plugins")
    #expect(outcome.code == 3)
    #expect(outcome.errors.contains("the library is not the one of its manifest"))
    let inspected = try run(place, "plugin", "inspect", "gated", looking: "plugins")
    #expect(inspected.code == 1)
    #expect(inspected.output.contains("refused: "))
  }

  @Test func aSoundPluginPassesTheCheck() throws {
    let place = try withGated()
    let outcome = try run(place, "plugin", "check", "plugins/libgated.so", "--json")
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.json()["schema"] as? String == "nngraph.plugin.check/1")
    #expect(outcome.json()["clean"] as? Bool == true)
  }

  @Test(arguments: [
    ("CRASHES", "SIGSEGV"), ("LOOPS", "no progress for 3 seconds in backward of operator \"scaled\""),
    ("EXITS", "the process was ended with code 3"), ("EXITS_WITH_0", "code 0 in forward of operator"),
    ("QUITS_WITH_0", "code 0 in forward of operator"), ("FORGES_EVENTS", "code 0 in forward of operator"),
    ("DESTRUCTOR_QUITS", "code 0 when the check was done"), ("PRINTS", "writes to the terminal"),
    ("WRONG_SIGN", "differences give"), ("LEAK_FORWARD", "forward keeps 48 bytes a call"),
    ("LEAK_BACKWARD", "backward keeps 208 bytes a call"),
    ("LEAK_PREPARE", "prepare and destroy keeps 64 bytes"),
    ("ALL NO_LAYER LEAK_CREATE", "create and destroy keeps 32 bytes"),
    ("LEAK_DESCRIPTOR", "keeps 1 open descriptor a call"), ("LEAK_THREAD", "1 thread a call"),
  ])
  func whatGoesWrongInsideIsReported(_ fault: String, _ wanted: String) throws {
    let place = try Workplace()
    try compile(
      "Tests/PluginCheckTests/Plugins/planted.c", into: place, library: "libplanted.so",
      defining: fault.split(separator: " ").map(String.init))
    #expect(try run(place, "plugin", "manifest", "libplanted.so").code == 0)
    let outcome = try run(place, "plugin", "check", "libplanted.so", "--timeout", "3")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains(wanted), "\(outcome.output)\(outcome.errors)")
  }

  /// A library that does so cannot be loaded for its manifest, which that of a sound one stands in for.
  @Test(arguments: ["CONSTRUCTOR_EXITS", "CONSTRUCTOR_QUITS"])
  func whatEndsTheProcessWhenItIsLoadedIsReported(_ fault: String) throws {
    let place = try Workplace()
    let source = "Tests/PluginCheckTests/Plugins/planted.c"
    try compile(source, into: place, library: "libplanted.so")
    #expect(try run(place, "plugin", "manifest", "libplanted.so").code == 0)
    let sound = try digest(place, "libplanted.so")
    try compile(source, into: place, library: "libplanted.so", defining: [fault])
    let refused = try run(place, "plugin", "check", "libplanted.so", "--json")
    #expect(refused.code == 1)
    #expect(refused.json()["complete"] as? Bool == false)
    #expect(!refused.output.contains("\"passed\""), "\(refused.output)")
    let manifest = place.text("planted.nngplugin.json")
    try place.write(
      manifest.replacing(sound, with: try digest(place, "libplanted.so")), "planted.nngplugin.json")
    let outcome = try run(place, "plugin", "check", "libplanted.so")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("code 0 in loading of plugin \"planted\""), "\(outcome.output)")
    #expect(!outcome.output.contains("passed"), "\(outcome.output)")
  }

  private func digest(_ place: Workplace, _ name: String) throws -> String {
    let tool = Process()
    tool.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tool.arguments = ["sha256sum", place.folder.appendingPathComponent(name).path]
    let output = Pipe()
    tool.standardOutput = output
    try tool.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    tool.waitUntilExit()
    return String(text.prefix { $0 != " " })
  }

  @Test func aCheckInThisProcessReportsAsTheOtherDoes() throws {
    let place = try withGated()
    let apart = try run(place, "plugin", "check", "plugins/libgated.so")
    let here = try run(place, "plugin", "check", "plugins/libgated.so", "--in-this-process")
    #expect(here.code == 0 && here.output == apart.output, "\(here.output)\(here.errors)")
    let quiet = try run(place, "plugin", "check", "plugins/libgated.so", "--quiet")
    #expect(quiet.code == 0 && quiet.output == "no findings\n")
    let source = "Tests/PluginCheckTests/Plugins/planted.c"
    try compile(source, into: place, library: "libplanted.so", defining: ["WRITE_BEHIND"])
    #expect(try run(place, "plugin", "manifest", "libplanted.so").code == 0)
    let faulty = try run(place, "plugin", "check", "libplanted.so", "--in-this-process", "--quiet")
    #expect(faulty.code == 1)
    #expect(faulty.output.hasPrefix("memory: operator \"scaled\": forward writes right behind the end"))
    #expect(faulty.output.contains("\n1 finding; not run for what fails: "), "\(faulty.output)")
    try compile(source, into: place, library: "libplanted.so", defining: ["EXITS_WITH_0"])
    #expect(try run(place, "plugin", "manifest", "libplanted.so").code == 0)
    let ended = try run(place, "plugin", "check", "libplanted.so", "--in-this-process")
    #expect(ended.code == 1)
    #expect(ended.errors.contains("ended in forward of operator \"scaled\""), "\(ended.errors)")
  }

  @Test func theHelpLeavesOutWhatIsForTheProgramItself() throws {
    let place = try Workplace()
    for arguments in [["plugin", "--help"], ["plugin", "--help", "--json"]] {
      let outcome = place.outcome(of: try place.start(arguments))
      #expect(outcome.output.contains("in-this-process") && !outcome.output.contains("events-to"))
    }
  }

  /// A run that a plugin ends by `exit(0)` is not done.
  @Test func aPluginThatEndsTheProgramIsAFault() throws {
    let place = try Workplace()
    try place.write(
      "#include <stdlib.h>\n__attribute__((constructor)) static void ends(void) { exit(0); }\n", "ends.c")
    try compile(place.folder.appendingPathComponent("ends.c").path, into: place, library: "libends.so")
    let outcome = try run(place, "plugin", "manifest", "libends.so")
    #expect(outcome.code == 70)
    #expect(outcome.errors == "error: a plugin ended the program before it was done\n")
  }

  @Test func aNewPluginBuildsAndPasses() throws {
    let place = try Workplace()
    let begun = try run(place, "plugin", "new", "smooth", "--language", "c")
    #expect(begun.code == 0, "\(begun.errors)")
    #expect(place.names("smooth").contains("nngraph_plugin.h"))
    let build = Process()
    build.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    build.arguments = ["make", "-C", "smooth", "NNGRAPH=\(Workplace.program.path)", "check"]
    build.currentDirectoryURL = place.folder
    let output = Pipe()
    build.standardOutput = output
    try build.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    build.waitUntilExit()
    #expect(build.terminationStatus == 0)
    #expect(text.contains("no findings"))
    let again = try run(place, "plugin", "new", "smooth", "--language", "c")
    #expect(again.code != 0)
    #expect(try run(place, "plugin", "new", "Smooth", "--language", "c").code == 64)
    #expect(try run(place, "plugin", "new", "smooth").code == 64)
  }

  @Test func misspeltWordsGetTheNearest() throws {
    let place = try Workplace()
    let outcome = try run(place, "plugin", "lsit")
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("did you mean \"list\"?"))
    #expect(try run(place, "plugin", "list", "--kit", "x").code == 64)
    let absent = try run(place, "plugin", "inspect", "convolutoin")
    #expect(absent.code == 3)
    #expect(absent.errors.contains("did you mean \"convolution\"?"))
  }
}
