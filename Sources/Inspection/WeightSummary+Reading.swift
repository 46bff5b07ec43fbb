import Compiler
import Diagnostics
import Runtime

extension WeightSummary {
  /// Summarizes the parameters that the graph names, or fresh ones drawn from its seed.
  ///
  /// A stored number that is not finite is counted, where a run would refuse it. Throws the other faults of a
  /// file of parameters.
  public init(_ network: Network, limit: Int) throws {
    guard let tensors = try network.storedParameters(limit: limit) else {
      let store = try network.presentParameters(limit: limit)
      self.init(
        network, tensors: store.tensors(), source: "the seed \(network.training?.seed ?? 0), fresh")
      return
    }
    let faults = network.faults(in: tensors, file: network.parameterFileName)
    try Faults(faults.filter { !$0.message.hasSuffix("is not finite") }).check()
    self.init(network, file: tensors, source: network.parameterFileName)
  }
}
