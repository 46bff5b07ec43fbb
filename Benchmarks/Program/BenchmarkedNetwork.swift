import Compiler
import Diagnostics
import GraphFile
import JSONText
import LayerKit
import NNGraph
import Tensors

/// A network of the comparison: its name in tables, its file, and itself.
struct BenchmarkedNetwork {
  let name: String
  let path: String
  let network: Network
  /// Rows of a training step.
  let rows: Int

  /// What is compared where nobody names networks.
  static let standard = [
    "2-8-2", "64-128-64-10", "784-512-512-10", "1024-4096-4096-1024", "convnet", "resnet20", "64x50",
  ]

  /// Finds or writes the graph of a name and reads it.
  ///
  /// Throws a usage fault for a name that is none, and `Faults` for a graph that cannot be used.
  init(_ name: String, folder: String, scratch: String, registry: LayerKit.Registry) throws {
    self.name = FileAccess.lastName(of: name)
    path = try BenchmarkedNetwork.locate(name, folder: folder, scratch: scratch)
    let reading = try GraphDocument.open(path)
    let (found, faults) = Network.resolve(reading, registry: registry)
    guard let found else { throw Faults(faults) }
    network = found
    if case .rows(let rows)? = found.training?.batchSize {
      self.rows = rows
    } else {
      rows = LayerList.rows
    }
  }

  private static func locate(_ name: String, folder: String, scratch: String) throws -> String {
    if name.hasSuffix(".json") { return name }
    for file in ["\(name).json", "mlp-\(name).json"] {
      let path = FileAccess.join(folder, file)
      if FileAccess.fileExists(path) { return path }
    }
    if let layers = try LayerList(name) {
      let path = FileAccess.join(scratch, "\(name).json")
      try FileAccess.writeFile(path, JSONWriter.canonical(layers.graph))
      return path
    }
    let known = ((try? FileAccess.listFolder(folder)) ?? []).filter { $0.hasSuffix(".json") }.map {
      String($0.dropLast(".json".count).trimmingPrefix("mlp-"))
    }
    throw Fault(
      .usage,
      "no network \"\(name.excerpt())\"; accepted are \(known.joined(separator: ", ")), the path of a .json file, "
        + "and layers such as 37-101-53 or 64x50", nearest: nearest(to: name, among: known))
  }
}
