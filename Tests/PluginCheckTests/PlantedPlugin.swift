import Diagnostics
import Foundation
import Synchronization
import Tensors

@testable import PluginCheck
@testable import PluginHost

/// The plugin of `Plugins/planted.c` with a fault in it, compiled into a folder that goes when the tests end.
enum PlantedPlugin {
  /// Compiles it with definitions and writes its manifest; returns the path of its library.
  ///
  /// The manifest promises `registers`; without them what the library registers.
  static func make(_ defines: [String], registers: [PluginComponent]? = nil) throws -> String {
    let folder = FileAccess.join(Self.folder, "\(number.add(1, ordering: .relaxed).oldValue)")
    try FileAccess.createFolder(folder)
    let library = FileAccess.join(folder, "libplanted.so")
    try compile(defines, into: library)
    var manifest: PluginManifest
    if let registers {
      manifest = PluginManifest(
        name: "planted", version: "1.0.0", summary: "A plugin for tests.",
        host: InterfaceVersion(major: 1, minor: 0), sha256: try SealedLibrary(library).sha256,
        components: registers, folder: folder)
    } else {
      manifest = try PluginManifest.describing(library: library) { _ in }
    }
    try manifest.write()
    return library
  }

  /// What a check of it in this process says.
  static func check(_ defines: String..., registers: [PluginComponent]? = nil) throws -> PluginCheckReport {
    check(library: try make(defines, registers: registers))
  }

  /// What a check of a library in this process says; other tests run in it, too, so leaks are not looked for.
  static func check(library: String) -> PluginCheckReport {
    var report = PluginCheckReport(file: library)
    withUnsafeMutablePointer(to: &report) { report in
      let wasLoaded = PluginCheck.check(
        library, isAlone: false, { report.pointee.take($0) }, between: { _ in })
      report.pointee.take(.ended(token: "", wasLoaded: wasLoaded))
    }
    return report
  }

  private static let number = Atomic<Int>(0)

  private static let folder: String = {
    let folder = NSTemporaryDirectory() + "planted-" + UUID().uuidString
    atexit { try? FileManager.default.removeItem(atPath: PlantedPlugin.folder) }
    return folder
  }()

  private static func compile(_ defines: [String], into library: String) throws {
    let tests = FileAccess.folder(of: #filePath)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["cc", "-std=c99", "-O1", "-w", "-shared", "-fPIC", "-fvisibility=hidden", "-D_DEFAULT_SOURCE"]
      + ["-I", FileAccess.join(tests, "../../Sources/CPluginABI/include")]
      + defines.map { "-D\($0)" } + ["-o", library, FileAccess.join(tests, "Plugins/planted.c")]
    let output = Pipe()
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Fault(.program, "cannot be compiled: \(text)") }
    chmod(library, 0o755)
  }
}

extension PluginCheckReport {
  /// Whether a finding of that check about that component holds all of the words.
  func has(_ check: Check, _ component: String, _ words: String...) -> Bool {
    findings.contains { finding in
      finding.check == check && finding.component == component
        && words.allSatisfy { finding.message.contains($0) }
    }
  }
}
