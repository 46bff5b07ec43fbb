import Foundation

/// A target of the package, as its manifest declares it.
struct ManifestTarget: Equatable {
  enum Kind: String {
    case system = "systemLibrary"
    case library = "target"
    case program = "executableTarget"
    case tests = "testTarget"
  }

  var kind: Kind
  var name: String
  /// The folder of its sources, relative to the package's.
  var path: String
  var dependencies: [String]
}

/// The targets of a manifest, in the order in which it lists them.
struct Manifest {
  var targets: [ManifestTarget] = []

  /// Reads the calls of the list `targets` from a manifest's text.
  init(_ text: String) {
    let code = SourceText(text).code
    guard let list = code.range(of: "targets: [\n") else { return }
    for call in code[list.upperBound...].matches(
      of: #/\.(systemLibrary|target|executableTarget|testTarget)\(/#)
    {
      guard let kind = ManifestTarget.Kind(rawValue: String(call.1)) else { continue }
      let open = code.index(before: call.range.upperBound)
      // The names are blanked in `code`, which has as many bytes as the text.
      let start = code.utf8.distance(from: code.startIndex, to: open)
      let bytes = text.utf8.dropFirst(start).prefix(Manifest.length(ofCall: code[open...]))
      if let target = Manifest.target(kind, String(decoding: bytes, as: UTF8.self)) { targets.append(target) }
    }
  }

  subscript(_ name: String) -> ManifestTarget? { targets.first { $0.name == name } }

  private static func target(_ kind: ManifestTarget.Kind, _ call: String) -> ManifestTarget? {
    guard let name = strings(call, after: "name: ").first else { return nil }
    let folder = kind == .tests ? "Tests" : "Sources"
    let path = strings(call, after: "path: ").first ?? "\(folder)/\(name)"
    return ManifestTarget(
      kind: kind, name: name, path: path, dependencies: strings(call, after: "dependencies: ["))
  }

  /// The texts between quotes after a label: one, or those up to the end of a list.
  private static func strings(_ call: String, after label: String) -> [String] {
    guard let start = call.range(of: label)?.upperBound else { return [] }
    if !label.hasSuffix("[") {
      let parts = call[start...].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count > 1 ? [String(parts[1])] : []
    }
    let list = call[start...].prefix { $0 != "]" }
    let parts = list.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// How many bytes there are from the parenthesis that the text begins with to the one that closes it.
  private static func length(ofCall text: Substring) -> Int {
    var depth = 0
    for (offset, byte) in text.utf8.enumerated() {
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if depth == 0 { return offset + 1 }
    }
    return text.utf8.count
  }
}
