import Diagnostics
import Glibc
import JSONText
import LayerKit
import Tensors

/// A component that a plugin registers, as its manifest promises it.
public struct PluginComponent: Hashable, Sendable, CustomStringConvertible {
  /// What it is.
  public let family: Family
  /// Its name in a graph file.
  public let name: String
  /// The version of its schema.
  public let version: Int
  /// Whether gradients pass through an operator; nil for every other family.
  public let hasGradient: Bool?

  /// A component.
  public init(_ family: Family, _ name: String, version: Int = 1, hasGradient: Bool? = nil) {
    self.family = family
    self.name = name
    self.version = version
    self.hasGradient = hasGradient
  }

  /// `operator "gated" version 1`.
  public var description: String { "\(family.rawValue) \"\(name)\" version \(version)" }
}

/// What stands in `NAME.nngplugin.json`: all that is known of a plugin before its library is loaded.
///
/// The library is `libNAME.so` in the same folder.
public struct PluginManifest: Sendable {
  /// What a manifest says of its own format.
  public static let format = "nngraph-plugin/1"
  static let ending = ".nngplugin.json"
  static let sizeLimit = 1 << 20

  /// The name that a graph lists under `plugins`.
  public var name: String
  /// Three whole numbers: `1.0.0`.
  public var version: String
  /// One sentence.
  public var summary: String
  /// The interface that the plugin was compiled with.
  public var interface: InterfaceVersion
  /// The oldest interface of a program that will do.
  public var host: InterfaceVersion
  /// The Swift whose runtime the library needs, `6.3`; nil where it needs none.
  public var swift: String?
  /// The SHA-256 of the library, 64 hexadecimal digits.
  public var sha256: String
  /// What the plugin registers.
  public var components: [PluginComponent]
  /// The folder that the manifest and the library stand in.
  public var folder: String

  /// A manifest for a library in a folder.
  public init(
    name: String, version: String, summary: String, interface: InterfaceVersion = .current,
    host: InterfaceVersion, swift: String? = nil, sha256: String, components: [PluginComponent],
    folder: String
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.interface = interface
    self.host = host
    self.swift = swift
    self.sha256 = sha256
    self.components = components
    self.folder = folder
  }

  /// The path of the manifest.
  public var file: String { FileAccess.join(folder, name + Self.ending) }

  /// The path of the library.
  public var libraryFile: String { FileAccess.join(folder, "lib\(name).so") }

  /// Who the plugin is, as faults name it.
  public var identity: PluginIdentity { PluginIdentity(name: name, version: version, file: libraryFile) }

  /// The manifest that belongs to a path, which names either it or its library.
  ///
  /// Throws a `.plugin` fault where the path is neither `NAME.nngplugin.json` nor `libNAME.so`.
  public static func manifestFile(of path: String) throws -> String {
    let file = FileAccess.lastName(of: path)
    if Self.name(ofManifest: file) != nil { return path }
    if let name = Self.name(ofLibrary: file) {
      return FileAccess.join(FileAccess.folder(of: path), name + ending)
    }
    throw Fault(
      .plugin, file: path,
      "\"\(file.excerpt())\" is no plugin's name; NAME\(ending) or libNAME.so with \(namePattern) is accepted"
    )
  }

  static let namePattern = "a NAME of small letters, digits and \"_\" that begins with a letter"

  /// The name of the plugin whose manifest is called so, or nil.
  static func name(ofManifest file: String) -> String? {
    guard file.hasSuffix(ending) else { return nil }
    return [String(file.dropLast(ending.count))].first(where: isPluginName)
  }

  /// The name of the plugin whose library is called so, or nil.
  static func name(ofLibrary file: String) -> String? {
    guard file.hasPrefix("lib"), file.hasSuffix(".so") else { return nil }
    return [String(file.dropFirst(3).dropLast(3))].first(where: isPluginName)
  }

  /// The manifest as a value whose keys always stand in one order.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("format", .string(Self.format)), ("name", .string(name)), ("version", .string(version)),
      ("summary", .string(summary)), ("interface", .string("\(interface)")), ("host", .string("\(host)")),
    ]
    if let swift { members.append(("swift", .string(swift))) }
    members.append(("sha256", .string(sha256)))
    members.append(("registers", .array(components.map(\.json))))
    return .object(members)
  }

  /// The text of the file.
  public var text: String { JSONWriter.canonicalText(json) }

  /// Writes the manifest whole or not at all, so that nobody but its owner may change it. Throws an `.io`
  /// fault.
  public func write() throws {
    try FileAccess.writeFile(file, Array(text.utf8))
    var status = stat()
    // A loose umask would make a file that reading refuses.
    guard stat(file, &status) == 0, chmod(file, status.st_mode & 0o7755) == 0 else {
      throw Fault(.io, file: file, "cannot be protected: \(String(cString: strerror(errno)))")
    }
  }

  /// A fault of this plugin's library, with its name and version.
  func fault(_ message: String, _ kind: Fault.Kind = .plugin) -> Fault { identity.fault(message, kind) }
}

extension PluginComponent {
  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("kind", .string(family.rawValue)), ("name", .string(name)), ("version", .integer(version)),
    ]
    if let hasGradient { members.append(("gradient", .boolean(hasGradient))) }
    return .object(members)
  }
}
