import Compiler
import Diagnostics
import GraphFile
import LayerKit
import Runtime
import Tensors

/// A graph with inputs and parameters, and what must come out: one folder.
///
/// `graph.json`, `inputs.safetensors`, `parameters.safetensors` (absent where the graph has none), `case.json`
/// and `expected.safetensors`.
public struct ConformanceCase: Sendable {
  public let folder: String
  public let network: Network
  public let settings: CaseSettings
  public let inputs: [String: Tensor]
  /// The size of every symbol of the inputs.
  public let sizes: [String: Int]
  let parameters: TensorFile?
  let expected: TensorFile

  /// Reads the files of a case. Throws `Faults` with everything that is wrong in any of them.
  public init(_ folder: String, registry: Registry, limits: GraphLimits = GraphLimits()) throws {
    self.folder = folder
    var files = CaseFiles(folder: folder, limits: limits)
    let settings = files.collect { try CaseSettings($0.bytes("case.json"), file: $0.path("case.json")) }
    let network = files.collect { try $0.network(registry) }
    let inputs = files.collect { try $0.tensors("inputs.safetensors") }
    let expected = files.collect { try $0.tensors("expected.safetensors") }
    let hasParameters = FileAccess.fileExists(files.path("parameters.safetensors"))
    parameters = hasParameters ? files.collect { try $0.tensors("parameters.safetensors") } : nil
    try Faults(files.faults).check()
    guard let settings, let network, let inputs, let expected else {
      throw Faults(Fault(.program, file: folder, "a part could not be read, and no fault says why"))
    }
    self.settings = settings
    self.network = network
    self.expected = expected
    self.inputs = Dictionary(
      inputs.entries.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let given = self.inputs
    sizes = files.collect { _ in try network.sizes(for: given) } ?? [:]
    files.faults = files.faults.map { fault in
      var named = fault
      named.file = files.path("inputs.safetensors")
      return named
    }
    files.checkParameters(parameters, network)
    if settings.steps > 0, network.training == nil {
      files.faults.append(
        Fault(
          file: files.path("case.json"), place: "steps",
          "\(settings.steps) steps, but the graph has no \"training\""))
    }
    try Faults(files.faults).check()
  }

  /// The folders at or below `folder` that hold a `case.json`, in order. Throws where it cannot be listed.
  public static func folders(in folder: String) throws -> [String] {
    try folders(in: folder, depth: 0)
  }

  // A link may lead to a folder above it; no tree of cases is deeper than this.
  private static let deepest = 16

  private static func folders(in folder: String, depth: Int) throws -> [String] {
    if FileAccess.fileExists(FileAccess.join(folder, "case.json")) { return [folder] }
    guard depth < deepest else { return [] }
    return try FileAccess.listFolder(folder).flatMap { name in
      let path = FileAccess.join(folder, name)
      return FileAccess.isFolder(path) ? try folders(in: path, depth: depth + 1) : []
    }
  }
}

/// Opens the files of a case and keeps what is wrong with them.
private struct CaseFiles {
  let folder: String
  let limits: GraphLimits
  var faults: [Fault] = []

  func path(_ name: String) -> String { FileAccess.join(folder, name) }

  mutating func collect<Value>(_ read: (CaseFiles) throws -> Value) -> Value? {
    do {
      return try read(self)
    } catch {
      faults += Faults(any: error).all
      return nil
    }
  }

  func bytes(_ name: String) throws -> [UInt8] {
    try FileAccess.readFile(path(name), limit: limits.fileBytes)
  }

  func tensors(_ name: String) throws -> TensorFile {
    let limit = limits.memoryBytes ?? Machine.availableMemory
    return try Safetensors.read(FileAccess.readFile(path(name), limit: limit), file: path(name))
  }

  func network(_ registry: Registry) throws -> Network {
    let reading = try GraphDocument.open(path("graph.json"), limits: limits)
    let (network, faults) = Network.resolve(reading, registry: registry, limits: limits)
    guard let network else { throw Faults(faults) }
    return network
  }

  mutating func checkParameters(_ tensors: TensorFile?, _ network: Network) {
    let file = path("parameters.safetensors")
    if let tensors {
      faults += network.faults(in: tensors, file: file)
    } else if let first = network.parameters.first {
      faults.append(
        Fault(
          .io, file: file,
          "is absent, but the graph has \(network.parameters.count) parameters, among them "
            + "\"\(first.name)\""))
    }
  }
}

extension Faults {
  /// Whatever was thrown, as faults.
  init(any error: any Error) {
    switch error {
    case let faults as Faults: self = faults
    case let fault as Fault: self.init(fault)
    default: self.init(Fault(.program, "\(error)"))
    }
  }
}
