import Diagnostics
import Foundation
import PluginTemplates
import Testing

/// How the files get to where they belong, and that a compiler takes them.
@Suite struct TemplateFolderTests {
  private let files = FileManager.default
  private let workshop: URL
  /// The package that the tests stand in.
  private let kit = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  init() throws {
    workshop = files.temporaryDirectory.appendingPathComponent("nngraph-\(UUID().uuidString)")
    try files.createDirectory(at: workshop, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { workshop.appendingPathComponent(name).path }

  private func write(to name: String, _ language: PluginTemplate.Language = .c) throws {
    let template = try PluginTemplate(name: "mine", language: language, kit: kit)
    #expect(try template.write(into: path(name)).contains(path(name) + "/README.md"))
  }

  /// Everything below the folder, in order.
  private func contents(_ name: String) -> [String] {
    (files.subpaths(atPath: path(name)) ?? []).sorted()
  }

  @Test func aNewFolderIsMade() throws {
    defer { try? files.removeItem(at: workshop) }
    try write(to: "plugins/mine", .swift)
    #expect(contents("plugins").first == "mine")
    #expect(contents("plugins/mine").contains("Sources/MinePlugin/MineScale.swift"))
    #expect(files.isExecutableFile(atPath: path("plugins/mine/build")))
    let package = try String(contentsOfFile: path("plugins/mine/Package.swift"), encoding: .utf8)
    #expect(package.contains("path: \"\(kit)\""))
  }

  @Test func anEmptyFolderIsFilled() throws {
    defer { try? files.removeItem(at: workshop) }
    try files.createDirectory(atPath: path("mine"), withIntermediateDirectories: false)
    let before = try files.attributesOfItem(atPath: path("mine"))[.systemFileNumber] as? Int
    try write(to: "mine")
    #expect(contents("mine").contains("example/mine.json"))
    #expect(!contents("mine").contains { $0.hasSuffix(".tmp") })
    #expect(try files.attributesOfItem(atPath: path("mine"))[.systemFileNumber] as? Int == before)
  }

  @Test func aFolderThatHoldsAnythingIsRefused() throws {
    defer { try? files.removeItem(at: workshop) }
    try files.createDirectory(atPath: path("mine"), withIntermediateDirectories: false)
    try Data("x".utf8).write(to: workshop.appendingPathComponent("mine/mine.c"))
    let fault = #expect(throws: Fault.self) { try write(to: "mine") }
    #expect(fault?.kind == .usage)
    #expect(contents("mine") == ["mine.c"])
    #expect(try String(contentsOfFile: path("mine/mine.c"), encoding: .utf8) == "x")
  }

  @Test func aFileIsNoFolder() throws {
    defer { try? files.removeItem(at: workshop) }
    try Data("x".utf8).write(to: workshop.appendingPathComponent("mine"))
    #expect(throws: Fault.self) { try write(to: "mine") }
    #expect(throws: Fault.self) { try write(to: "mine/below") }
    #expect(contents("") == ["mine"])
  }

  @Test func thePackageIsFoundAboveTheProgram() throws {
    defer { try? files.removeItem(at: workshop) }
    for folder in ["kit/Sources/PluginKit", "kit/.build/release"] {
      try files.createDirectory(atPath: path(folder), withIntermediateDirectories: true)
    }
    try Data().write(to: workshop.appendingPathComponent("kit/Package.swift"))
    try Data().write(to: workshop.appendingPathComponent("kit/.build/release/nngraph"))
    try files.createSymbolicLink(
      atPath: path("linked"), withDestinationPath: path("kit/.build/release/nngraph"))
    let kit = workshop.resolvingSymlinksInPath().appendingPathComponent("kit").path
    #expect(PluginTemplate.package(above: path("kit/.build/release/nngraph")) == kit)
    #expect(PluginTemplate.package(above: path("linked")) == kit)
    #expect(PluginTemplate.package(above: "/usr/bin/env") == nil)
    #expect(PluginTemplate.package(above: path("nowhere")) == nil)
  }

  /// Strictly, and with the header that comes with it; the library exports the one function.
  @Test(arguments: ["mine", "int"]) func theCompilerTakesThePackageInC(_ name: String) throws {
    defer { try? files.removeItem(at: workshop) }
    let folder = path("package")
    try PluginTemplate(name: name, language: .c).write(into: folder)
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = [
      "clang", "-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fPIC", "-fvisibility=hidden",
      "-shared", "\(name).c", "-o", "lib\(name).so",
    ]
    compiler.currentDirectoryURL = URL(fileURLWithPath: folder)
    try compiler.run()
    compiler.waitUntilExit()
    #expect(compiler.terminationStatus == 0)
    let library = try #require(dlopen(folder + "/lib\(name).so", RTLD_NOW | RTLD_LOCAL))
    #expect(dlsym(library, "nngraph_plugin_v1") != nil)
  }
}
