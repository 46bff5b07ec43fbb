import Compiler
import Runtime
import Training

extension CommandContext {
  /// The parameters that a verb computes with: those of a file, else the graph's own, else, with a note, fresh
  /// ones drawn from the seed.
  func parameters(of network: Network, _ file: String?, seed: UInt64?) throws -> ParameterStore {
    let parameters = try ParameterStore(network)
    try parameters.fill(
      from: file.map { .file($0) } ?? .ownOrFresh, seed: seed ?? network.training?.seed ?? 0,
      limit: memoryLimit)
    if file == nil, network.document.parameters == nil, !network.parameters.isEmpty {
      note("note: the graph names no parameters; they are drawn from the seed")
    }
    return parameters
  }
}
