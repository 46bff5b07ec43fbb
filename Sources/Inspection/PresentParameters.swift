import Compiler
import Runtime

extension Network {
  /// The parameters that the graph names, or fresh ones drawn from the seed of its training (0 without one).
  ///
  /// Throws everything that is wrong with stored ones.
  public func presentParameters(inDouble: Bool = false, limit: Int) throws -> ParameterStore {
    let store = try ParameterStore(self, inDouble: inDouble)
    if let tensors = try storedParameters(limit: limit) {
      try store.load(tensors, file: parameterFileName)
    } else {
      store.initialize(seed: training?.seed ?? 0)
    }
    return store
  }
}
