import Compiler
import Diagnostics
import JSONText
import LayerKit
import Runtime
import Tensors

/// Where the inputs of a run come from; a source that stands later here wins where two fill one input.
public struct RunInputs: Sendable {
  /// A table or a file of tensors, read through the graph's `training.data`.
  public var data: String?
  /// A safetensors file that names its tensors by input.
  public var tensors: String?
  /// A file of one tensor (NPY, IDX, CSV, JSON) by input.
  public var files: [(input: String, path: String)] = []
  /// The bytes that a file may hold.
  public var fileLimit = 4 << 30

  public init() {}

  /// The tensors of a network's inputs.
  ///
  /// Throws `Faults` with everything that is wrong with any of the files; whether all that is needed is there
  /// is for the run to say.
  public func read(for network: Network, needed: Set<String>) throws -> [String: Tensor] {
    var found: [String: Tensor] = [:]
    var faults: [Fault] = []
    func collect(_ body: () throws -> [String: Tensor]) {
      do {
        found.merge(try body()) { $1 }
      } catch let thrown as Faults {
        faults += thrown.all
      } catch let fault as Fault {
        faults.append(fault)
      } catch {
        faults.append(Fault(.program, "\(error)"))
      }
    }
    var given = Set(files.map(\.input))
    if let tensors {
      collect {
        let file = try Safetensors.read(FileAccess.readFile(tensors, limit: fileLimit), file: tensors)
        given.formUnion(file.names)
        _ = try checkNames(file.names, network, file: tensors)
        return Dictionary(file.entries.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
      }
    }
    for (name, path) in files {
      collect {
        _ = try checkNames([name], network, file: nil)
        guard let input = network.inputs.first(where: { $0.name == name }) else { return [:] }
        return [name: try InputFile.read(path, for: input, limit: fileLimit)]
      }
    }
    if let data { collect { try columns(data, network, needed.subtracting(given)) } }
    try Faults(faults).check()
    return found
  }

  private func columns(_ data: String, _ network: Network, _ needed: Set<String>) throws -> [String: Tensor] {
    guard let settings = network.training?.data else {
      throw Fault(
        file: network.document.file, place: "training, data",
        "missing; it says which columns of \(data.quotedForTerminal) fill which input")
    }
    let dataset = try Dataset.read(network, settings, file: data, inputs: needed, fileLimit: fileLimit)
    return Dictionary(dataset.columns.map { ($0.input.name, $0.rows) }, uniquingKeysWith: { $1 })
  }

  private func checkNames(_ names: [String], _ network: Network, file: String?) throws {
    let known = network.inputs.map(\.name)
    try Faults(
      names.filter { !known.contains($0) }.map { name in
        Fault(
          file == nil ? .usage : .input, file: file, place: "input \"\(name.excerpt())\"",
          "the graph has no such input; its inputs: " + known.joined(separator: ", "),
          nearest: nearest(to: name, among: known))
      }
    ).check()
  }
}
