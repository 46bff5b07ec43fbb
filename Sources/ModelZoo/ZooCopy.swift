import Diagnostics
import Runtime
import Tensors

extension ModelZoo {
  /// Copies the files of a model, with such data as comes with it, into a folder, and makes the folder where
  /// there is none; returns the paths that were written, the graph's first.
  ///
  /// Throws `Faults` where a file is missing or has another hash than the index says, and, unless `force`, where
  /// one of that name is there already; nothing is written then.
  @discardableResult
  public static func copy(
    _ entry: ZooEntry, from folder: String, to destination: String, force: Bool = false
  ) throws -> [String] {
    guard let record = entry.record else {
      throw Fault(.usage, place: "model \"\(entry.name)\"", "was never recorded, and so has no files to copy")
    }
    var faults: [Fault] = []
    var contents: [(path: String, bytes: [UInt8])] = []
    for file in record.files where file.isShipped {
      let path = FileAccess.join(destination, file.path)
      do {
        let bytes = try FileAccess.readBelow(file.path, inFolder: folder, limit: Machine.availableMemory)
        let hash = SHA256.hexadecimal(of: bytes)
        if hash != file.sha256 {
          faults.append(
            Fault(file: file.path, "the file's hash is \(hash), but the index says \(file.sha256)"))
        } else if !force, FileAccess.fileExists(path) {
          faults.append(Fault(.usage, file: path, "is there already; --force writes over it"))
        }
        contents.append((path, bytes))
      } catch let fault as Fault {
        faults.append(fault)
      }
    }
    try Faults(faults).check()
    // The graph names the other files, and so comes last.
    for (path, bytes) in contents.reversed() {
      try FileAccess.createFolder(FileAccess.folder(of: path))
      try FileAccess.writeFile(path, bytes)
    }
    return contents.map(\.path)
  }
}
