/// The rules that keep the rooms apart; each returns what breaks it, in words.
enum Walls {
  /// What every target may import without declaring it: parts of Swift itself, and the C library.
  static let ofTheLanguage: Set<String> = ["Glibc", "Synchronization", "Swift"]
  /// What tests may import besides.
  static let ofTests: Set<String> = ["Foundation", "Testing"]

  /// Imports that the target does not declare.
  static func undeclaredImports(_ source: String, file: String, of target: ManifestTarget) -> [String] {
    var accepted = ofTheLanguage.union(target.dependencies)
    if target.kind == .tests { accepted.formUnion(ofTests) }
    return SourceText(source).imports.filter { !accepted.contains($0) }.map {
      "\(file) imports \($0), which Package.swift does not list for \(target.name)"
    }
  }

  /// Dependencies on a room that the manifest does not list before.
  static func downwardDependencies(_ manifest: Manifest) -> [String] {
    var above: Set<String> = []
    var found: [String] = []
    for target in manifest.targets {
      for dependency in target.dependencies where !above.contains(dependency) {
        found.append("\(target.name) depends on \(dependency), which does not stand above it")
      }
      above.insert(target.name)
    }
    return found
  }

  /// Words that end the program, or would if data were other than expected.
  static func traps(_ source: String, file: String) -> [String] {
    let text = SourceText(source)
    let words: [(String, Regex<Substring>)] = [
      ("fatalError", #/\bfatalError\b/#), ("try!", #/\btry!/#), ("as!", #/\bas!/#),
    ]
    return words.flatMap { word, pattern in text.lines(with: pattern).map { "\(file):\($0): \(word)" } }
  }

  /// The names of the operators whose quoted names stand in a source, each once.
  static func quoted(_ names: [String], in source: String) -> [String] {
    names.filter { source.contains("\"\($0)\"") }
  }
}
