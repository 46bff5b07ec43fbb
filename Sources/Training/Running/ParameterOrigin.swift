import Compiler
import Diagnostics
import Runtime
import Tensors

/// Where the first values of the parameters come from.
public enum ParameterOrigin: Hashable, Sendable {
  /// Drawn from the seed.
  case fresh
  /// Those that the graph names.
  case own
  /// Those that the graph names, or fresh ones where it names none.
  case ownOrFresh
  /// A safetensors file.
  case file(String)
}

extension ParameterStore {
  /// Fills the parameters and says where they came from.
  ///
  /// `limit` bounds the bytes of a file. Throws `Faults` that name each parameter that is missing, too much,
  /// of another shape or not finite, and where `.own` is asked of a graph that names none.
  public func fill(from origin: ParameterOrigin, seed: UInt64, limit: Int) throws {
    switch origin {
    case .fresh: initialize(seed: seed)
    case .own, .ownOrFresh:
      if let stored = try network.storedParameters(limit: limit) {
        try load(stored, file: network.parameterFileName)
      } else if origin == .own {
        throw Fault(
          file: network.document.file, place: "parameters",
          "missing; the graph names no parameters that could be its own")
      } else {
        initialize(seed: seed)
      }
    case .file(let path):
      try load(Safetensors.read(FileAccess.readFile(path, limit: limit), file: path), file: path)
    }
  }
}
