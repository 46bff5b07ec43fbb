import Glibc
import Tensors

extension PluginTemplate {
  /// The folder of the package `nngraph` that a program was built in: the nearest above its file that holds
  /// it; nil for a program that was installed elsewhere.
  public static func package(above executable: String) -> String? {
    guard let file = absolutePath(executable) else { return nil }
    var folder = FileAccess.folder(of: file)
    while folder != "/" {
      if isPackage(folder) { return folder }
      folder = FileAccess.folder(of: folder)
    }
    return nil
  }

  /// The absolute path of the folder where that is the package `nngraph`, or nil.
  static func package(at folder: String) -> String? {
    absolutePath(folder).flatMap { isPackage($0) ? $0 : nil }
  }

  private static func isPackage(_ folder: String) -> Bool {
    FileAccess.fileExists(FileAccess.join(folder, "Package.swift"))
      && FileAccess.isFolder(FileAccess.join(folder, "Sources/PluginKit"))
  }

  /// The path without links, or nil where it leads nowhere.
  private static func absolutePath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
