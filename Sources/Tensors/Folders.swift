import Diagnostics
import Glibc

extension FileAccess {
  /// Whether the path leads to a file of any kind, a folder too.
  public static func fileExists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// Whether the path leads to a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.isFolder
  }

  /// Makes the folder and those above it that are missing; a folder that is there already is no fault.
  public static func createFolder(_ path: String) throws {
    var missing: [String] = []
    var current = path
    while !isFolder(current) {
      missing.append(current)
      let parent = folder(of: current)
      if parent == current { break }
      current = parent
    }
    for folder in missing.reversed() where mkdir(folder, 0o777) != 0 {
      let code = errno
      if code == EEXIST, isFolder(folder) { continue }
      throw systemFault(path, "cannot be created", code: code)
    }
  }

  /// The names in a folder in byte order, without `.` and `..`.
  public static func listFolder(_ path: String) throws -> [String] {
    guard let stream = opendir(path) else { throw systemFault(path, "cannot be listed") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// `name` inside `folder`; an absolute name stands for itself, and so does one in the folder `.`.
  public static func join(_ folder: String, _ name: String) -> String {
    if name.utf8.first == UInt8(ascii: "/") || folder.isEmpty || folder == "." { return name }
    return folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
  }

  /// The folder that a path stands in: `models` of `models/gate-xor.json`, `.` of `xor.json`.
  public static func folder(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return withoutTrailingSlashes(String(trimmed[...slash]))
  }

  /// The last name of a path: `xor.json` of `models/gate-xor.json`.
  public static func lastName(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard trimmed != "/", let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else { return trimmed }
    return String(trimmed[trimmed.utf8.index(after: slash)...])
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
