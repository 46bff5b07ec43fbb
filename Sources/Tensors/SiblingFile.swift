import Diagnostics
import Glibc

// A graph file may come from anyone, so the files that it names may only be its neighbours.
extension FileAccess {
  /// The path of the file `name` in `folder`, for a name that a graph file gives: a bare file name.
  ///
  /// Throws a fault that names the file as written where the name holds a `/`, is `.` or `..`, leads nowhere,
  /// or is a link out of the folder.
  public static func locateSibling(named name: String, inFolder folder: String) throws -> String {
    if name.utf8.contains(UInt8(ascii: "/")) {
      throw Fault(
        file: name, "is a path; a bare file name in the graph's own folder is accepted")
    }
    return try locateBelow(name, inFolder: folder)
  }

  /// The path of a file beside the graph or below it, for a relative path that a graph file gives.
  ///
  /// Throws a fault that names the file as written where the path is absolute, holds `.`, `..` or an empty
  /// part, leads nowhere, or is a link out of the folder.
  public static func locateBelow(_ path: String, inFolder folder: String) throws -> String {
    try checkRelative(path)
    guard let root = realPath(folder.isEmpty ? "." : folder) else {
      throw systemFault(folder, "cannot be opened")
    }
    guard let resolved = realPath(join(root, path)) else {
      var fault = systemFault(path, "cannot be opened")
      let names = (try? listFolder(self.folder(of: join(root, path)))) ?? []
      fault.nearest = nearest(to: lastName(of: path), among: names)
      throw fault
    }
    let prefix = root == "/" ? root : root + "/"
    guard resolved.utf8.starts(with: prefix.utf8) else {
      throw Fault(file: path, "is a link out of the graph's folder")
    }
    return resolved
  }

  /// The bytes of a graph's own file by its bare name; see ``locateSibling(named:inFolder:)``.
  ///
  /// Throws also where it is no plain file or holds more than `limit` bytes.
  public static func readSibling(named name: String, inFolder folder: String, limit: Int) throws -> [UInt8] {
    try readPlainFile(locateSibling(named: name, inFolder: folder), named: name, limit: limit)
  }

  /// The bytes of a file beside a graph or below it; see ``locateBelow(_:inFolder:)``.
  ///
  /// Throws also where it is no plain file or holds more than `limit` bytes.
  public static func readBelow(_ path: String, inFolder folder: String, limit: Int) throws -> [UInt8] {
    try readPlainFile(locateBelow(path, inFolder: folder), named: path, limit: limit)
  }

  private static func checkRelative(_ path: String) throws {
    if path.isEmpty || path.utf8.contains(0) {
      throw Fault(file: path, "\"\(path.excerpt())\" is no file name")
    }
    if path.utf8.first == UInt8(ascii: "/") {
      throw Fault(file: path, "is an absolute path; a path below the graph's folder is accepted")
    }
    for part in path.split(separator: "/", omittingEmptySubsequences: false)
    where part.isEmpty || part == "." || part == ".." {
      throw Fault(
        file: path, "holds the part \"\(part)\"; a path below the graph's folder is made of names alone")
    }
  }

  private static func readPlainFile(_ path: String, named name: String, limit: Int) throws -> [UInt8] {
    // Non-blocking, since opening a pipe that nobody writes to would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { throw systemFault(name, "cannot be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemFault(name, "cannot be read") }
    guard status.isRegularFile else { throw Fault(.io, file: name, "is no plain file") }
    return try readAll(descriptor, name: name, limit: limit)
  }
}
