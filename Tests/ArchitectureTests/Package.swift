import Foundation

/// The package that the tests stand in.
enum Package {
  /// The folder of `Package.swift`, with a `/` at its end.
  static let root: String = {
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().path
    return file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
      + "/"
  }()

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + path, encoding: .utf8)
  }

  static func manifest() throws -> Manifest { Manifest(try text("Package.swift")) }

  /// The files below a folder whose names end so, in the order of their paths.
  static func files(in folder: String, endings: [String] = [".swift"]) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: root + folder) else { return [] }
    var found: [String] = []
    for case let path as String in walk where endings.contains(where: path.hasSuffix) {
      found.append("\(folder)/\(path)")
    }
    return found.sorted()
  }

  /// What is compiled into the products: `Sources` and the sources of every plugin.
  static func productSources(endings: [String] = [".swift"]) throws -> [String] {
    try manifest().targets.filter { $0.kind != .tests }.flatMap { files(in: $0.path, endings: endings) }
  }
}
