import Compiler
import Convolution
import Foundation
import GraphFile
import LayerKit
import Runtime
import StandardModule
import StateSpace
import Tensors
import Testing
import Verification

/// Everything that the program has built in.
func standardRegistry() throws -> Registry {
  var registry = Registry()
  try registry.register(StandardModule())
  try registry.register(StateSpaceModule())
  try registry.register(ConvolutionModule())
  return registry
}

func settings(
  _ rewrites: RewriteSelection = .all, threads: Int = 1, registry: Registry? = nil
) throws -> VerificationSettings {
  VerificationSettings(
    registry: try registry ?? standardRegistry(), executor: ThreadPool(threadCount: threads),
    rewrites: rewrites)
}

/// The network of a graph's text.
func network(_ text: String, registry: Registry? = nil) throws -> Network {
  let reading = GraphDocument.read(Array(text.utf8), file: "graph.json", folder: ".")
  let (network, faults) = Network.resolve(reading, registry: try registry ?? standardRegistry())
  return try #require(network, "\(faults.map(\.description).joined(separator: "\n"))")
}

/// The folder of the conformance cases, or one of them.
func conformance(_ path: String = "") -> String {
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return tests.appendingPathComponent("Conformance").appendingPathComponent(path).path
}

/// A copy of a case in a folder of its own, which goes when the value goes.
final class CaseCopy {
  let folder: String

  init(_ name: String) throws {
    folder = NSTemporaryDirectory() + "nngraph-case-" + UUID().uuidString
    try FileManager.default.copyItem(atPath: conformance(name), toPath: folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ file: String) -> String { folder + "/" + file }

  func write(_ text: String, to file: String) throws {
    try text.write(toFile: path(file), atomically: true, encoding: .utf8)
  }

  func replace(_ old: String, by new: String, in file: String) throws {
    let text = try String(contentsOfFile: path(file), encoding: .utf8)
    try #require(text.contains(old), "\(file) does not hold \(old)")
    try write(text.replacingOccurrences(of: old, with: new), to: file)
  }

  func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: path(file)) }

  /// Rewrites the tensors of a file.
  func change(_ file: String, _ body: (inout [(String, Tensor)]) throws -> Void) throws {
    let read = try Safetensors.read(FileAccess.readFile(path(file), limit: 1 << 20), file: file)
    var tensors = read.entries.map { ($0.name, $0.tensor) }
    try body(&tensors)
    try Data(Safetensors.bytes(of: tensors)).write(to: URL(fileURLWithPath: path(file)))
  }

  func report() throws -> CaseReport { Conformance.report(folder, try settings()) }
}
