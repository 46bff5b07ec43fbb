import Diagnostics
import Foundation
import Testing

@testable import PluginTemplates

/// What `nngraph plugin new` writes.
@Suite struct PluginTemplateTests {
  /// The package that the tests stand in.
  private let kit = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  @Test(arguments: ["a", "gated", "my_plugin2", String(repeating: "a", count: 64)])
  func namesAreAccepted(_ name: String) throws {
    #expect(try !PluginTemplate(name: name, language: .c).files.isEmpty)
    #expect(try !PluginTemplate(name: name, language: .swift, kit: kit).files.isEmpty)
  }

  @Test(
    arguments: [
      ("", nil), ("2fast", "fast"), ("My-Plugin", "my_plugin"), ("_a", "a"), ("a b", "a_b"), ("é", nil),
      ("../x", "x"),
      ("core", nil), (String(repeating: "a", count: 65), nil),
    ] as [(String, String?)])
  func otherNamesAreRefused(_ name: String, _ nearest: String?) {
    let fault = #expect(throws: Fault.self) { try PluginTemplate(name: name, language: .c).files }
    #expect(fault?.kind == .usage)
    #expect(fault?.nearest == nearest)
  }

  @Test func aPluginInSwiftNeedsTheKit() {
    let fault = #expect(throws: Fault.self) { try PluginTemplate(name: "mine", language: .swift).files }
    #expect(fault?.message.contains("--kit FOLDER") == true)
    let other = #expect(throws: Fault.self) {
      try PluginTemplate(name: "mine", language: .swift, kit: kit + "/Sources")
    }
    #expect(other?.message.contains("is not the folder of the package") == true)
  }

  @Test func thePackageInCIsComplete() throws {
    let files = try PluginTemplate(name: "my_gate", language: .c).files
    #expect(
      files.map(\.path) == [
        "my_gate.c", "nngraph_plugin.h", "Makefile", "README.md", ".gitignore", "example/my_gate.json",
        "example/my_gate.csv",
      ])
    #expect(files.allSatisfy { !$0.text.isEmpty && $0.text.hasSuffix("\n") && !$0.isExecutable })
    #expect(files[1].text.contains("nngraph_plugin_v1(void);"))
  }

  @Test func thePackageInSwiftIsComplete() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "a \"b\"\\c\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let sources = folder.appendingPathComponent("Sources/PluginKit")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    try Data().write(to: folder.appendingPathComponent("Package.swift"))
    let files = try PluginTemplate(name: "my_gate", language: .swift, kit: folder.path).files
    #expect(
      files.map(\.path) == [
        "Package.swift", "Sources/MyGatePlugin/MyGatePlugin.swift", "Sources/MyGatePlugin/MyGateScale.swift",
        "exported.map", "build", "README.md", ".gitignore", "example/my_gate.json", "example/my_gate.csv",
      ])
    #expect(files.filter(\.isExecutable).map(\.path) == ["build"])
    #expect(files[0].text.contains(#"/a \"b\"\\c"#), "\(files[0].text)")
    #expect(files[1].text.contains("registrar.layers(MyGateScale.self)"))
    #expect(files[2].text.contains("struct MyGateScale: DifferentiableLayer"))
  }

  @Test func nothingOfTheTemplateIsLeftUnfilled() throws {
    for language in PluginTemplate.Language.allCases {
      for file in try PluginTemplate(name: "mine", language: language, kit: kit).files
      where file.path != "nngraph_plugin.h" {
        #expect(!file.text.contains("\\#("), "\(file.path)")
        let longest = file.text.split(separator: "\n").map(\.count).max() ?? 0
        #expect(longest <= 120, "\(file.path) has a line of \(longest) characters")
      }
    }
  }

  /// One command builds both, and no library stands beside the manifest of the one before.
  @Test func libraryAndManifestAreBuiltTogether() throws {
    func text(_ path: String, _ language: PluginTemplate.Language) throws -> String {
      let files = try PluginTemplate(name: "mine", language: language, kit: kit).files
      return try #require(files.first { $0.path == path }).text
    }
    let makefile = try text("Makefile", .c)
    let targets = makefile.matches(of: #/^(\S+):/#.anchorsMatchLineEndings()).map { String($0.1) }
    #expect(targets.first == "mine.nngplugin.json")
    #expect(makefile.contains("\n\trm -f mine.nngplugin.json\n\t$(CC)"), "\(makefile)")
    #expect(try text("build", .swift).contains("\nrm -f mine.nngplugin.json\ncp "))
  }

  /// The graph is JSON that names the plugin and its operator.
  @Test func theGraphUsesThePlugin() throws {
    let files = try PluginTemplate(name: "mine", language: .c).files
    let text = try #require(files.first { $0.path == "example/mine.json" }).text
    let graph = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(graph["plugins"] as? [String] == ["mine"])
    let nodes = try #require(graph["nodes"] as? [[String: Any]])
    #expect(nodes.first?["op"] as? String == "mine_scale")
  }
}
