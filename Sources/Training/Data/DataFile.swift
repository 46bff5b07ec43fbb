import Diagnostics
import Tensors

/// What a file of data holds; which of the formats it is, its first bytes say.
enum DataFile {
  /// CSV with a header.
  case table(CSVTable)
  /// NPY or IDX.
  case tensor(Tensor)
  /// safetensors.
  case tensors(TensorFile)

  /// Reads a file of data, plain or gzip; `name` is the file as messages name it.
  static func read(_ bytes: [UInt8], name: String, limit: Int) throws -> DataFile {
    let plain = try unpacked(bytes, limit: limit, file: name)
    if NPY.recognizes(plain) { return .tensor(try NPY.read(plain, file: name)) }
    if IDX.recognizes(plain) { return .tensor(try IDX.read(plain, file: name)) }
    if isSafetensors(plain) { return .tensors(try Safetensors.read(plain, file: name)) }
    return .table(try CSVTable.read(plain, file: name))
  }

  /// A safetensors file begins with a length in eight bytes and a brace; the high bytes of a length that
  /// memory could hold are zero, which no text contains.
  private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[4..<8].allSatisfy { $0 == 0 } && bytes[8] == UInt8(ascii: "{")
  }
}

/// The files of a data set, each read once.
struct DataFiles {
  /// The folder that the files which the graph names stand in: the graph's own, or one that the caller gave.
  let folder: String
  /// The common file that the graph names.
  let common: String?
  /// The file that the caller gave in place of the graph's.
  let replacement: String?
  /// How many bytes a file may hold, packed or unpacked.
  let limit: Int
  private var read: [String: Result<DataFile, any Error>] = [:]

  init(folder: String, common: String?, replacement: String?, limit: Int) {
    self.folder = folder
    self.common = common
    self.replacement = replacement
    self.limit = limit
  }

  /// The file with its name: the input's own, or else the common one.
  mutating func file(own: String?) throws -> (name: String, content: DataFile) {
    if own == nil, let replacement {
      let limit = limit
      return try kept(replacement, key: "given:\(replacement)") {
        try FileAccess.readFile(replacement, limit: limit)
      }
    }
    guard let name = own ?? common else {
      throw Fault(
        place: "training, data",
        "no file of data: \"training.data\" names none (key \"file\"), and none was given beside the graph")
    }
    let (folder, limit) = (folder, limit)
    return try kept(name, key: "named:\(name)") {
      do {
        return try FileAccess.readBelow(name, inFolder: folder, limit: limit)
      } catch var fault as Fault where fault.kind == .io {
        // A trained graph often lies in another folder than the data that its `training` names.
        fault.message += "; looked for in the folder \"\(folder)\"; --data takes another file or folder"
        throw fault
      }
    }
  }

  private mutating func kept(
    _ name: String, key: String, _ bytes: () throws -> [UInt8]
  ) throws -> (name: String, content: DataFile) {
    if let found = read[key] { return (name, try found.get()) }
    let result = Result { try DataFile.read(bytes(), name: name, limit: limit) }
    read[key] = result
    return (name, try result.get())
  }
}
