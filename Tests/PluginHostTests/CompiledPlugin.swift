import Diagnostics
import Foundation
import Synchronization
import Tensors
import Testing

@testable import PluginHost

/// Plugins in C, compiled once into a folder that goes when the tests end.
enum CompiledPlugin {
  /// Compiles `Plugins/NAME.c` with definitions, `["MINOR=2"]`, into `libNAME.so`, and writes its manifest
  /// beside it.
  ///
  /// The manifest promises `registers`; without them what the library registers, for which it is loaded.
  static func make(
    source: String, defines: [String] = [], registers: [PluginComponent]? = nil
  ) throws -> (library: String, manifest: String) {
    let name = String(source.dropLast(2))
    let key = ([source] + defines + (registers ?? []).map(\.description)).joined(separator: " ")
    let library = try compiled.withLock { known in
      if let library = known[key] { return library }
      let folder = FileAccess.join(Self.folder, "\(known.count)")
      try FileAccess.createFolder(folder)
      let library = FileAccess.join(folder, "lib\(name).so")
      try compile(FileAccess.join(Self.sources, source), defines, into: library)
      known[key] = library
      return library
    }
    let manifest: PluginManifest
    if let registers {
      manifest = PluginManifest(
        name: name, version: "1.0.0", summary: "A plugin for tests.",
        host: InterfaceVersion(major: 1, minor: 0), sha256: try SealedLibrary(library).sha256,
        components: registers, folder: FileAccess.folder(of: library))
    } else {
      manifest = try PluginManifest.describing(library: library) { _ in }
    }
    try manifest.write()
    return (library, manifest.file)
  }

  /// Copies a library and its manifest into a folder of the caller's, who may change them; returns the copied
  /// manifest.
  static func copy(_ plugin: (library: String, manifest: String), into folder: String) throws -> String {
    try FileAccess.createFolder(folder)
    for file in [plugin.library, plugin.manifest] {
      let target = FileAccess.join(folder, FileAccess.lastName(of: file))
      try FileAccess.writeFile(target, FileAccess.readFile(file, limit: 1 << 24))
      chmod(target, 0o644)
    }
    return FileAccess.join(folder, FileAccess.lastName(of: plugin.manifest))
  }

  private static let compiled = Mutex<[String: String]>([:])

  private static let folder: String = {
    let folder = NSTemporaryDirectory() + "plugins-" + UUID().uuidString
    atexit { try? FileManager.default.removeItem(atPath: CompiledPlugin.folder) }
    return folder
  }()

  private static let tests = FileAccess.folder(of: #filePath)
  private static let sources = FileAccess.join(tests, "Plugins")

  private static func compile(_ source: String, _ defines: [String], into library: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["cc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]
      + ["-shared", "-fPIC", "-fvisibility=hidden"]
      + ["-I", FileAccess.join(tests, "../../Sources/CPluginABI/include")]
      + defines.map { "-D\($0)" } + ["-o", library, source]
    let output = Pipe()
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Fault(.program, file: source, "cannot be compiled: \(text)")
    }
    chmod(library, 0o755)
  }
}

/// What `body` throws as the user reads it, or "no fault"; `folder` stands for the path of the caller's
/// folder.
func report(folder: String = "", _ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch {
    let text = "\(error)"
    return folder.isEmpty ? text : text.replacingOccurrences(of: folder, with: "FOLDER")
  }
}

/// The kinds of the faults that `body` throws, each once.
func faultKinds(_ body: () throws -> Void) -> Set<Fault.Kind> {
  do {
    try body()
    return []
  } catch {
    return Set(((error as? Faults)?.all ?? [error as? Fault].compactMap { $0 }).map(\.kind))
  }
}

/// Calls `body` with the path of a new folder, which is removed afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  // What is written with a looser one would be refused.
  umask(0o022)
  let folder = NSTemporaryDirectory() + "plugin-host-" + UUID().uuidString
  try FileAccess.createFolder(folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

@Suite struct CompiledPluginTests {
  @Test func whatIsNoCIsReported() {
    #expect(report { _ = try CompiledPlugin.make(source: "absent.c") }.contains("cannot be compiled"))
  }

  @Test func reportsWhatIsThrown() throws {
    #expect(report {} == "no fault")
    #expect(
      report(folder: "/a") { throw Fault(.plugin, file: "/a/b", "is long") } == "FOLDER/b: error: is long")
    #expect(faultKinds { throw Faults([Fault(.io, "a"), Fault(.plugin, "b")]) } == [.io, .plugin])
    #expect(faultKinds {} == [])
    #expect(!FileAccess.fileExists(try withFolder { $0 }))
  }
}
