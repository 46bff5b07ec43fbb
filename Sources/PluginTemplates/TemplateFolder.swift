import Diagnostics
import Glibc
import Tensors

extension PluginTemplate {
  /// Writes the files into a folder, which is made where it is missing: all of them, or none.
  ///
  /// Returns their paths. Throws a `.usage` fault for a folder that holds anything, and an `.io` fault where
  /// something cannot be written.
  @discardableResult
  public func write(into folder: String) throws -> [String] {
    let exists = FileAccess.fileExists(folder)
    if exists, !FileAccess.isFolder(folder) { throw Fault(.io, file: folder, "is no folder") }
    if exists, try !FileAccess.listFolder(folder).isEmpty {
      throw Fault(.usage, file: folder, "the folder is not empty; a new plugin needs a new folder")
    }
    // A new folder comes to be beside its place, an empty one that is there is filled from inside: it may be
    // the current folder, which a renamed one cannot replace.
    let parent = exists ? folder : FileAccess.folder(of: folder)
    if !exists { try FileAccess.createFolder(parent) }
    let draft = FileAccess.join(parent, ".nngraph-\(UInt64.random(in: 0...UInt64.max)).tmp")
    guard mkdir(draft, 0o777) == 0 else { throw Self.fault(folder) }
    do {
      for file in files { try Self.write(file, into: draft) }
      try exists
        ? Self.moveEntries(of: draft, to: folder) : Self.move(draft, to: folder, named: folder)
    } catch {
      Self.remove(draft)
      throw error
    }
    return files.map { FileAccess.join(folder, $0.path) }
  }

  private static func write(_ file: File, into folder: String) throws {
    let path = FileAccess.join(folder, file.path)
    try FileAccess.createFolder(FileAccess.folder(of: path))
    try FileAccess.writeFile(path, Array(file.text.utf8))
    guard file.isExecutable else { return }
    var status = stat()
    // Whoever may read it may run it.
    guard stat(path, &status) == 0, chmod(path, status.st_mode & 0o777 | (status.st_mode & 0o444) >> 2) == 0
    else { throw fault(path) }
  }

  private static func moveEntries(of draft: String, to folder: String) throws {
    for name in try FileAccess.listFolder(draft) {
      try move(FileAccess.join(draft, name), to: FileAccess.join(folder, name), named: folder)
    }
    rmdir(draft)
  }

  private static func move(_ path: String, to target: String, named folder: String) throws {
    guard rename(path, target) == 0 else { throw fault(folder) }
  }

  /// Removes a folder of ours with all that is in it, as far as that can be done.
  private static func remove(_ path: String) {
    for name in (try? FileAccess.listFolder(path)) ?? [] {
      let entry = FileAccess.join(path, name)
      if unlink(entry) != 0 { remove(entry) }
    }
    rmdir(path)
  }

  private static func fault(_ path: String, code: Int32 = errno) -> Fault {
    Fault(.io, file: path, "cannot be written: \(String(cString: strerror(code)))")
  }
}
