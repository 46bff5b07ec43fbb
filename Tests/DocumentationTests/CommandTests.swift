import Foundation
import Testing

/// The commands of the pages, run as they are written, against the program that was built with the tests.
///
/// Blocks of a page share a folder, in their order. A block with a file's name behind its language is that
/// file; `sh exits 1` is a command that says no; `sh setup` is left to the scripts; a `text` block directly
/// behind a command is the output that it must give.
@Suite struct CommandTests {
  @Test(arguments: Document.all) func everyCommandDoesWhatIsShown(_ page: Document) throws {
    let workshop = try Workshop()
    for (index, block) in page.blocks.enumerated() {
      let place = "\(page.path):\(block.line)"
      if ["json", "csv", "c"].contains(block.language), !block.label.isEmpty {
        try workshop.write(block.text, to: block.label)
      }
      guard block.language == "sh", block.label != "setup" else { continue }
      let wanted = Int32(block.label.replacing("exits ", with: "")) ?? 0
      let outcome = try workshop.run(block.text)
      #expect(
        outcome.status == wanted,
        "\(place): ended with \(outcome.status)\n\(outcome.output)\(outcome.errors)")
      let next = index + 1 < page.blocks.count ? page.blocks[index + 1] : nil
      if let next, next.language == "text", next.followsDirectly {
        let difference = ShownOutput(next.text).difference(from: outcome.output + outcome.errors)
        #expect(difference == nil, "\(place): \(difference ?? "")\n\(outcome.output)\(outcome.errors)")
      }
    }
  }

  @Test func thePagesAreThere() {
    let paths = Document.all.map(\.path)
    for page in ["README.md", "CONTRIBUTING.md", "Documentation/FileFormat.md", "Documentation/Lesson.md"] {
      #expect(paths.contains(page), "\(page) is missing")
    }
  }

  @Test(arguments: Document.all) func everyLinkLeadsSomewhere(_ page: Document) {
    let folder = page.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
    for link in page.relativeLinks {
      #expect(
        FileManager.default.fileExists(atPath: Package.root + folder + link), "\(page.path): \(link)")
    }
  }

  /// Names of source files between backquotes, such as `Compiler/Resolver.swift`; `*` is any part of a name.
  /// A file that the page itself shows is there, too.
  @Test(arguments: Document.all) func everyFileThatIsNamedIsThere(_ page: Document) {
    let files =
      ["/Package.swift"]
      + ["Sources", "plugins"].flatMap { folder in
        (FileManager.default.subpaths(atPath: Package.root + folder) ?? []).map { "/\(folder)/\($0)" }
      } + page.blocks.map { "/\($0.label)" }
    let prose = page.text.replacing(#/(?s)```.*?```/#, with: "")
    for name in prose.matches(of: #/`([\w\/+*]+\.(?:swift|c|h))`/#).map({ String($0.1) }) {
      let parts = name.split(separator: "*", omittingEmptySubsequences: false)
      let isThere = files.contains { file in
        guard parts.count == 2 else { return file.hasSuffix("/" + name) }
        return file.contains("/" + parts[0]) && file.hasSuffix(parts[1])
      }
      #expect(isThere, "\(page.path) names \(name)")
    }
  }

  /// `sh setup` blocks name scripts, which continuous integration runs.
  @Test(arguments: Document.all) func everyScriptIsThere(_ page: Document) {
    for block in page.blocks where block.language == "sh" && block.label == "setup" {
      for script in block.text.matches(of: #/^(scripts/\S+|\.ci/\S+)/#.anchorsMatchLineEndings()) {
        #expect(
          FileManager.default.isExecutableFile(atPath: Package.root + script.1), "\(page.path): \(script.1)")
      }
    }
  }

  @Test func theReferenceIsWhatTheProgramPrints() throws {
    let page = try String(contentsOfFile: Package.root + "Documentation/Operators.md", encoding: .utf8)
    let outcome = try Workshop().run("nngraph ops --markdown")
    // A value of its own, so that a failure does not print both pages.
    let isUpToDate = outcome.output == page
    #expect(isUpToDate, "Documentation/Operators.md is stale; write it by `nngraph ops --markdown`")
  }
}

/// The checks themselves: each finds a fault that is planted.
@Suite struct CommandSelfTests {
  @Test func blocksAreFoundWithTheirLabels() {
    let page = Document(
      path: "a.md",
      text: "# T\n\n```sh exits 1\nfalse\n```\n\n```text\nno\n```\nwords\n```json a.json\n{}\n```\n")
    #expect(page.blocks.map(\.language) == ["sh", "text", "json"])
    #expect(page.blocks.map(\.label) == ["exits 1", "", "a.json"])
    #expect(page.blocks.map(\.followsDirectly) == [false, true, false])
    #expect(page.blocks.map(\.line) == [3, 7, 11])
    #expect(
      Document(path: "a.md", text: "[a](b.md#c) [d](https://e.f) [g](h)").relativeLinks == ["b.md", "h"])
  }

  @Test func aFailingCommandEndsTheScript() throws {
    let outcome = try Workshop().run("echo one\nfalse\necho two")
    #expect(outcome.status == 1)
    #expect(outcome.output == "one\n")
  }

  @Test func theProgramIsTheBuiltOne() throws {
    let outcome = try Workshop().run("command -v nngraph; nngraph --version")
    #expect(outcome.status == 0 && outcome.output.contains("/bin/nngraph\nnngraph "), "\(outcome)")
  }

  @Test(arguments: [
    ("a\nb\n", "a\nb", true), ("a\nb\n", "a", false), ("a\n", "a\nb", false), ("a\n", "b", false),
    ("a\nb\nc\nd\n", "a\n...\nd", true), ("a\nd\n", "a\n...\nd", true), ("a\nb\nc\n", "a\n...\nd", false),
    ("a\nd\nb\nd\n", "a\n...\nd", true), ("took 12 ms\n", "took … ms", true),
    ("took 12 s\n", "took … ms", false),
    ("1 of 2 done\n", "… of … done", true), ("x", "x…x", false), ("a\nb\n", "...", true),
    ("loss  0.0211\n", "loss 0.0208", true), ("loss  0.51\n", "loss 0.61", false),
    ("rows 360\n", "rows 361", false), ("a 1.5 s\n", "a … s", true), ("a b c\n", "a b", false),
  ])
  func shownOutputIsCompared(_ output: String, _ shown: String, _ fits: Bool) {
    #expect((ShownOutput(shown).difference(from: output) == nil) == fits)
  }
}
