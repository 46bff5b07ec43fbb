import Foundation

/// A page of the documentation, as far as its fenced blocks and links go.
struct Document: CustomStringConvertible, Sendable {
  /// A fenced block.
  struct Block: Sendable {
    /// What stands behind the fence: ```` ```sh exits 1 ```` has `sh` and `exits 1`.
    var language: String
    var label: String
    var text: String
    /// The line of its fence, counted from 1.
    var line: Int
    /// Whether nothing but white space stands between the block before and this one.
    var followsDirectly: Bool
  }

  /// Relative to the package.
  let path: String
  let text: String
  let blocks: [Block]

  var description: String { path }

  init(path: String) throws {
    self.init(path: path, text: try String(contentsOfFile: Package.root + path, encoding: .utf8))
  }

  init(path: String, text: String) {
    self.path = path
    self.text = text
    var blocks: [Block] = []
    var open: (line: Int, info: String, lines: [Substring])?
    var isAdjacent = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if var block = open {
        if line.hasPrefix("```") {
          let words = block.info.split(separator: " ", maxSplits: 1).map(String.init)
          blocks.append(
            Block(
              language: words.first ?? "", label: words.count > 1 ? words[1] : "",
              text: block.lines.map { $0 + "\n" }.joined(), line: block.line, followsDirectly: isAdjacent))
          isAdjacent = true
          open = nil
        } else {
          block.lines.append(line)
          open = block
        }
      } else if line.hasPrefix("```") {
        open = (index + 1, String(line.dropFirst(3)), [])
      } else if !line.allSatisfy(\.isWhitespace) {
        isAdjacent = false
      }
    }
    self.blocks = blocks
  }

  func block(_ language: String, _ label: String) -> Block? {
    blocks.first { $0.language == language && $0.label == label }
  }

  /// Where the page's links lead inside the package: paths without their anchors.
  var relativeLinks: [String] {
    text.matches(of: #/\]\(([^)#\s]+)(?:#[^)]*)?\)/#).map { String($0.1) }.filter { !$0.contains("://") }
  }

  /// The pages whose commands are run.
  static let all: [Document] = {
    let folder = "Documentation"
    let pages = (try? FileManager.default.contentsOfDirectory(atPath: Package.root + folder)) ?? []
    let paths =
      ["README.md", "CONTRIBUTING.md"]
      + pages.filter { $0.hasSuffix(".md") && $0 != "Operators.md" }.sorted().map { "\(folder)/\($0)" }
    return paths.compactMap { try? Document(path: $0) }
  }()
}
