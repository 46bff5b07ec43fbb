import Compiler
import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Runtime
import Tensors

/// What training leaves: a graph file that names its parameters, the parameters, and what happened.
///
/// Every file is written beside its place and renamed, the parameters before the graph that names them.
public enum TrainedFolder {
  /// The name of the files without their endings.
  public static let name = "graph"

  /// Refuses what is no folder, and a folder that holds anything, unless `force`.
  public static func check(_ folder: String, force: Bool) throws {
    if FileAccess.fileExists(folder), !FileAccess.isFolder(folder) {
      throw Fault(.io, file: folder, "is no folder")
    }
    if FileAccess.isFolder(folder), !force, try !FileAccess.listFolder(folder).isEmpty {
      throw Fault(.usage, file: folder, "the folder is not empty; --force writes into it all the same")
    }
  }

  /// Writes `NAME.safetensors` and `NAME.json` with parameters, states and the data's mapping; returns the
  /// path of the graph.
  @discardableResult
  public static func save(
    _ network: Network, _ parameters: ParameterStore, data: DataSettings?, in folder: String,
    name: String = TrainedFolder.name, registry: Registry
  ) throws -> String {
    let bytes = Safetensors.bytes(of: parameters.tensors())
    let stored = name + ".safetensors"
    var edits = [
      GraphEdit(
        ["parameters"],
        .object([("file", .string(stored)), ("sha256", .string(SHA256.hexadecimal(of: bytes)))]))
    ]
    for input in data?.inputs ?? [] where network.document.root["training"]?["data"] != nil {
      edits.append(GraphEdit(["training", "data", "inputs", input.name], input.json))
    }
    let document = try network.document.replacing(edits)
    let path = FileAccess.join(folder, name + ".json")
    try FileAccess.writeFiles([
      (FileAccess.join(folder, stored), bytes), (path, Array(registry.canonicalForm(of: document).utf8)),
    ])
    return path
  }

  /// Writes `metrics.jsonl`: a line an epoch.
  public static func write(_ epochs: [EpochReport], in folder: String) throws {
    let lines = epochs.map { JSONWriter.compactText($0.json) + "\n" }
    try FileAccess.writeFile(FileAccess.join(folder, "metrics.jsonl"), Array(lines.joined().utf8))
  }
}

extension DataInput {
  /// The input's entry of `training.data.inputs`.
  var json: JSONValue {
    func list(_ numbers: [Double]) -> JSONValue {
      numbers.count == 1 ? .double(numbers[0]) : .array(numbers.map { .double($0) })
    }
    var members: [(String, JSONValue)] = []
    if columns.count == 1, !columns[0].contains("*"), !columns[0].contains("?") {
      members.append(("column", .string(columns[0])))
    } else if columns.count == 1 {
      members.append(("columns", .string(columns[0])))
    } else if !columns.isEmpty {
      members.append(("columns", .array(columns.map { .string($0) })))
    }
    if let file { members.append(("file", .string(file))) }
    if let tensor { members.append(("tensor", .string(tensor))) }
    if scale != [1] { members.append(("scale", list(scale))) }
    if offset != [0] { members.append(("offset", list(offset))) }
    if standardize { members.append(("standardize", .boolean(true))) }
    if let classes { members.append(("classes", .array(classes.map { .string($0) }))) }
    return .object(members)
  }
}
