import Diagnostics
import Tensors

/// A page of Markdown with a part that the program writes.
enum MarkedPage {
  static let begin = "<!-- benchmarks begin -->"
  static let end = "<!-- benchmarks end -->"
  private static let longest = 1 << 24

  /// Throws a fault where a file stands at the path that has no marked part.
  static func check(_ path: String) throws { _ = try replaced("", in: path) }

  /// Puts a text in place of the marked part, or writes a new file that has nothing else.
  static func write(_ text: String, to path: String) throws {
    try FileAccess.writeFile(path, Array(replaced(text, in: path).utf8))
  }

  private static func replaced(_ text: String, in path: String) throws -> String {
    let part = "\(begin)\n\n\(text)\n\(end)"
    guard FileAccess.fileExists(path) else { return part + "\n" }
    let page = String(decoding: try FileAccess.readFile(path, limit: longest), as: UTF8.self)
    guard let start = page.firstRange(of: begin), let stop = page.firstRange(of: end),
      start.lowerBound < stop.lowerBound
    else {
      throw Fault(
        .usage, file: path,
        "--markdown: there is no part between \"\(begin)\" and \"\(end)\" that could be replaced")
    }
    return page[..<start.lowerBound] + part + page[stop.upperBound...]
  }
}
