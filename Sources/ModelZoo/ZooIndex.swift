import Diagnostics
import JSONText
import Tensors

/// The models of a folder, as its `index.json` says.
public struct ZooIndex: Sendable {
  /// The name of the index in the folder of models.
  public static let fileName = "index.json"
  /// The form of the file; another is refused.
  public static let schema = "nngraph.zoo.index/1"
  // An index holds a few hundred numbers a model.
  static let byteLimit = 16 << 20

  /// The folder that the index and the models stand in.
  public let folder: String
  /// The models in the order of the file.
  public var entries: [ZooEntry]

  public init(folder: String, entries: [ZooEntry]) {
    self.folder = folder
    self.entries = entries
  }

  /// Reads the index of a folder.
  ///
  /// Throws an `.io` fault where it cannot be opened, and `Faults` with everything that is wrong with it: text that
  /// is no JSON, keys that are unknown, missing or twice there, values of another kind or out of range.
  public static func read(_ folder: String) throws -> ZooIndex {
    let path = FileAccess.join(folder, fileName)
    return try read(FileAccess.readFile(path, limit: byteLimit), file: path, folder: folder)
  }

  /// Reads the bytes of an index; `file` is how messages name it.
  public static func read(_ bytes: [UInt8], file: String, folder: String) throws -> ZooIndex {
    let document: JSONDocument
    do {
      document = try JSONText.parse(bytes)
    } catch {
      throw error.inOrder(file: file)
    }
    var reader = ZooIndexReader()
    let entries = reader.entries(document.root)
    try Faults(document.faults + reader.faults).inOrder(file: file).check()
    return ZooIndex(folder: folder, entries: entries)
  }

  /// The model of that name. Throws a fault of kind `.usage` with the nearest name and all that there are.
  public func entry(named name: String) throws(Fault) -> ZooEntry {
    if let found = entries.first(where: { $0.name == name }) { return found }
    let names = entries.map(\.name)
    throw Fault(
      .usage, place: "model \"\(name.excerpt())\"",
      "no such model; there are: " + names.joined(separator: ", "), nearest: nearest(to: name, among: names))
  }

  /// The models of these names in the order of the index; all where none is named. Throws as `entry(named:)`, for
  /// all names at once.
  public func entries(named names: [String]) throws(Faults) -> [ZooEntry] {
    if names.isEmpty { return entries }
    var faults: [Fault] = []
    for name in names { do throws(Fault) { _ = try entry(named: name) } catch { faults.append(error) } }
    if !faults.isEmpty { throw Faults(faults) }
    return entries.filter { names.contains($0.name) }
  }

  /// The path of a model's graph file.
  public func graphPath(_ entry: ZooEntry) -> String { FileAccess.join(folder, entry.name + ".json") }

  /// Writes the index, in canonical form and at one stroke, into its folder.
  public func write() throws {
    let root = JSONValue.object([
      ("schema", .string(ZooIndex.schema)), ("models", .array(entries.map(\.indexJSON))),
    ])
    try FileAccess.writeFile(FileAccess.join(folder, ZooIndex.fileName), JSONWriter.canonical(root))
  }
}
