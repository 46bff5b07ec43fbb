import Compiler
import Diagnostics
import Tensors

extension Dataset {
  /// Reads the data that a network is trained with, divides its rows, and computes what `standardize` asks
  /// for.
  ///
  /// `file` replaces the graph's common file (all files, where every input names its own) and may stand
  /// anywhere, or is a folder that holds the files which the graph names; without it they stand beside the
  /// graph or below. `seed` draws the parts. Throws `Faults` with
  /// all that is wrong: files, columns, values with row and column, numbers of rows, and no row left to
  /// train on.
  public static func load(
    _ network: Network, _ settings: DataSettings, file: String? = nil, seed: UInt64, fileLimit: Int = 4 << 30
  ) throws -> Dataset {
    var reader = DatasetReader(network, settings, file: file, required: nil, limit: fileLimit)
    return try reader.read { count in
      try RowParts(count: count, settings, seed: seed, file: network.document.file)
    }
  }

  /// Reads a table through a mapping that is settled: the numbers and words of a trained file.
  ///
  /// The inputs in `required` must be filled; another that the file does not fill, or not rightly, is left
  /// out. The rows are not divided. Throws `Faults` as `load` does, and where `standardize` is still to be
  /// computed.
  public static func read(
    _ network: Network, _ settings: DataSettings, file: String? = nil, inputs required: Set<String>,
    fileLimit: Int = 4 << 30
  ) throws -> Dataset {
    var reader = DatasetReader(network, settings, file: file, required: required, limit: fileLimit)
    return try reader.read(parts: nil)
  }
}
