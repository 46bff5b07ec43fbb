import Foundation
import Testing

/// What one call of the program gave.
struct Outcome {
  var code: Int32
  var output: String
  var errors: String

  /// Standard output as one JSON object; records an issue where it is anything else.
  func json(_ location: SourceLocation = #_sourceLocation) -> [String: Any] {
    let value = try? JSONSerialization.jsonObject(with: Data(output.utf8))
    guard let object = value as? [String: Any] else {
      Issue.record("no JSON object: \(output.prefix(200)) / \(errors.prefix(400))", sourceLocation: location)
      return [:]
    }
    return object
  }
}

/// The program that stands beside the tests, and a folder of files for it.
final class Workplace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nngraph-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("nngraph")

  /// Writes a text below the folder.
  func write(_ text: String, _ name: String) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// The bytes of a file below the folder; nil where there is none.
  func bytes(_ name: String) -> Data? { try? Data(contentsOf: folder.appendingPathComponent(name)) }

  func text(_ name: String) -> String { bytes(name).map { String(decoding: $0, as: UTF8.self) } ?? "" }

  func names(_ name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)) ?? [])
      .sorted()
  }

  /// Starts the program in the folder; its streams go to files, which no amount of output can block.
  func start(
    _ arguments: [String], input: String = "", models: String? = nil, setting: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["NNGRAPH_THREADS"] = nil
    environment["NNGRAPH_MODELS"] = models
    environment.merge(setting) { $1 }
    process.environment = environment
    try write(input, ".input")
    try write("", ".output")
    try write("", ".errors")
    process.standardInput = try FileHandle(forReadingFrom: folder.appendingPathComponent(".input"))
    process.standardOutput = try FileHandle(forWritingTo: folder.appendingPathComponent(".output"))
    process.standardError = try FileHandle(forWritingTo: folder.appendingPathComponent(".errors"))
    try process.run()
    return process
  }

  func outcome(of process: Process) -> Outcome {
    process.waitUntilExit()
    return Outcome(code: process.terminationStatus, output: text(".output"), errors: text(".errors"))
  }

  func run(_ arguments: String..., input: String = "") throws -> Outcome {
    outcome(of: try start(arguments, input: input))
  }
}
