import Foundation

/// The package that the tests stand in, and the program that was built with them.
enum Package {
  /// The folder of `Package.swift`, with a `/` at its end.
  static let root: String = {
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().path
    return file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
      + "/"
  }()

  /// The program `nngraph`, which the build puts beside the bundle of the tests.
  static let program: String = {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("nngraph").path
  }()
}

/// A folder of its own, in which the commands of a page are run; gone with the value.
final class Workshop {
  /// What a command left behind.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  let folder: URL

  /// Makes the folder, with the program on its path and a copy of the models.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nngraph-\(UUID().uuidString)")
    let files = FileManager.default
    try files.createDirectory(at: folder.appendingPathComponent("bin"), withIntermediateDirectories: true)
    try files.createSymbolicLink(
      atPath: folder.appendingPathComponent("bin/nngraph").path, withDestinationPath: Package.program)
    try files.copyItem(atPath: Package.root + "models", toPath: folder.appendingPathComponent("models").path)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Runs a script in the folder; it ends at the first command that fails.
  func run(_ script: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-euc", script]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = path("bin") + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    environment["TERM"] = "dumb"
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    // Files, since a pipe that nobody reads would stop a command that writes much.
    let (output, errors) = (path("bin/output"), path("bin/errors"))
    for name in [output, errors] { try Data().write(to: URL(fileURLWithPath: name)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}
