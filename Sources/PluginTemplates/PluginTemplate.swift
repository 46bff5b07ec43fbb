import Diagnostics

/// The package that an author of a plugin begins with: it builds, and passes every check, as it stands.
public struct PluginTemplate: Sendable {
  /// The language of the plugin.
  public enum Language: String, Hashable, Sendable, CaseIterable {
    case swift
    case c
  }

  /// A file of the package.
  public typealias File = (path: String, text: String, isExecutable: Bool)

  /// The files; their paths are relative to the plugin's folder.
  public let files: [File]

  /// The template of a plugin called `name`.
  ///
  /// `kit` is the folder of the package `nngraph`, which a plugin in Swift is compiled against; one in C
  /// takes the header along. Throws a `.usage` fault for a name that no plugin can have, and for Swift
  /// without that package.
  public init(name: String, language: Language, kit: String? = nil) throws(Fault) {
    try Self.check(name)
    switch language {
    case .c: files = CPackage(name: name).files
    case .swift:
      let advice = "--kit FOLDER says where it is, and --language c needs no package"
      guard let kit else {
        throw Fault(
          .usage, "a plugin in Swift is compiled against the package nngraph, which was not found; \(advice)")
      }
      guard let folder = Self.package(at: kit) else {
        throw Fault(.usage, file: kit, "is not the folder of the package nngraph; \(advice)")
      }
      files = SwiftPackage(name: name, kit: folder).files
    }
  }

  /// Throws where a plugin cannot be called so.
  private static func check(_ name: String) throws(Fault) {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let isWord =
      name.utf8.first.map(letters.contains) == true
      && name.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
    guard isWord else {
      let accepted = "a small letter, then small letters, digits and _"
      throw Fault(
        .usage, "a plugin cannot be called \"\(name.excerpt())\"; accepted: \(accepted)",
        nearest: suggestion(for: name))
    }
    guard name.utf8.count <= longestName else {
      throw Fault(
        .usage,
        "the name \"\(name.excerpt(20))\" has \(name.utf8.count) letters; accepted are at most \(longestName)"
      )
    }
    guard name != "core" else {
      throw Fault(.usage, "\"core\" is the name of the program's own module; a plugin needs another")
    }
  }

  private static let longestName = 64

  /// The name with what is not accepted left out: `my_plugin` for `My-Plugin`; nil where nothing is left.
  private static func suggestion(for name: String) -> String? {
    var word = ""
    for character in name.prefix(longestName).lowercased() {
      if character.isASCII, character.isLetter || (character.isNumber && !word.isEmpty) {
        word.append(character)
      } else if !word.isEmpty, word.last != "_" {
        word.append("_")
      }
    }
    while word.last == "_" { word.removeLast() }
    return word.isEmpty || word == name ? nil : word
  }

  /// The name of a type: `GatedUnits` for `gated_units`.
  static func typeName(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
