import Compiler
import Diagnostics
import Foundation
import GraphFile
import LayerKit
import Tensors

@testable import Compiler
@testable import Training

/// A folder with a graph without nodes and whatever files a test puts beside it.
struct DataFixture {
  let folder: String
  let network: Network

  /// Calls `body` with a fixture whose graph has the inputs, written as a JSON object.
  static func with<Result>(
    _ inputs: String, files: [String: String] = [:], _ body: (DataFixture) throws -> Result
  ) throws -> Result {
    let folder = NSTemporaryDirectory() + "dataset-" + UUID().uuidString
    try FileAccess.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = try JSONSerialization.jsonObject(with: Data(inputs.utf8)) as? [String: Any] ?? [:]
    let outputs = names.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    let graph = """
      {"format": "nngraph/1", "name": "data", "inputs": \(inputs), "nodes": [], "outputs": [\(outputs)]}
      """
    let reading = GraphDocument.read(Array(graph.utf8), file: "graph.json", folder: folder)
    let (network, faults) = Network.resolve(reading, registry: Registry())
    try Faults(faults).check()
    guard let network else { throw Fault(.program, "no network") }
    let fixture = DataFixture(folder: folder, network: network)
    for (name, text) in files { try fixture.write(name, Array(text.utf8)) }
    return try body(fixture)
  }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try FileAccess.writeFile(folder + "/" + name, bytes)
  }

  func load(
    _ file: String?, _ inputs: [DataInput], validation: Double = 0, test: Double = 0,
    split: DataSettings.Split = .random, given: String? = nil, seed: UInt64 = 0, limit: Int = 1 << 30
  ) throws -> Dataset {
    let settings = DataSettings(
      file: file, inputs: inputs, validation: validation, test: test, split: split)
    return try Dataset.load(network, settings, file: given, seed: seed, fileLimit: limit)
  }

  /// The report of what `load` refuses, or "no fault".
  func report(
    _ file: String?, _ inputs: [DataInput], validation: Double = 0, test: Double = 0, given: String? = nil,
    limit: Int = 1 << 30
  ) -> String {
    do {
      _ = try load(file, inputs, validation: validation, test: test, given: given, limit: limit)
      return "no fault"
    } catch {
      return "\(error)"
    }
  }
}

/// Settings of one input.
func fill(
  _ name: String, _ columns: String..., file: String? = nil, tensor: String? = nil, scale: [Double] = [1],
  offset: [Double] = [0], standardize: Bool = false, classes: [String]? = nil
) -> DataInput {
  DataInput(
    name: name, columns: columns, file: file, tensor: tensor, scale: scale, offset: offset,
    standardize: standardize, classes: classes)
}
