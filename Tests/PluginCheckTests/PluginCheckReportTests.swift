import JSONText
import Testing

@testable import PluginCheck

@Suite struct PluginCheckReportTests {
  private static let finding = Finding(.memory, "operator \"gated\"", "writes \"there\"")
  private static let events: [CheckEvent] = [
    .plugin(name: "gated", version: "1.2.0", interface: "1.0"), .begins("forward of \"gated\""),
    .finding(finding),
    .counted(.memory, 3), .counted(.memory, 4), .repeated(finding), .repeated(finding),
    .skipped(SkippedCheck(check: .leaks, component: "operator \"gated\"", failed: .memory)),
    .ended(token: "", wasLoaded: true),
  ]

  @Test(arguments: events) func aLineReadsAsItsEvent(_ event: CheckEvent) {
    #expect(CheckEvent(line: Array(event.line.utf8)) == event)
    #expect(!event.line.contains("\n"))
  }

  @Test(arguments: ["", "{}", "no JSON", "{\"event\": \"other\"}", "{\"event\": \"begins\"}"])
  func otherLinesAreNoEvents(_ line: String) { #expect(CheckEvent(line: Array(line.utf8)) == nil) }

  @Test func aReportTellsEachCheck() {
    var report = PluginCheckReport(file: "libgated.so")
    for event in Self.events { report.take(event) }
    let lines = report.text.split(separator: "\n")
    #expect(lines.first == "plugin \"gated\" 1.2.0, interface 1.0; this program has 1.0")
    #expect(lines.contains("FAILED memory (7): calls write what they must, and nothing else"))
    #expect(lines.contains("       operator \"gated\": writes \"there\"; also in 2 further examples"))
    #expect(lines.contains("passed rules (0): every family keeps its own rules"))
    #expect(lines.contains("  --   leaks: calls keep no memory, descriptors or threads"))
    #expect(lines.contains("       operator \"gated\": not run, since it fails memory"))
    #expect(lines.last == "1 finding; not run for what fails: leaks")
    #expect(
      report.shortText
        == """
        memory: operator "gated": writes "there"; also in 2 further examples
        1 finding; not run for what fails: leaks
        """)
    #expect(report.hasEnded && !report.isComplete)
    #expect(report.json["complete"]?.boolean == false)
    #expect(report.json["skipped"]?.elements?.first?["failed"]?.string == "memory")
    #expect(report.json["clean"]?.boolean == false)
    #expect(report.json["findings"]?.elements?.first?["check"]?.string == "memory")
    #expect(report.json["checks"]?.elements?.count == Check.allCases.count)
  }

  @Test func aPluginThatIsNotLoadedPassesNothing() {
    var report = PluginCheckReport(file: "libgated.so")
    report.take(.plugin(name: "gated", version: "1.2.0", interface: "1.0"))
    report.take(.finding(Finding(.manifest, "", "the library is not the one of its manifest")))
    report.take(.ended(token: "", wasLoaded: false))
    #expect(!report.text.contains("passed"), "\(report.text)")
    #expect(report.text.hasSuffix("1 finding; the plugin was not loaded, so nothing else was checked"))
    #expect(report.hasEnded && !report.isComplete && !report.isClean)
  }

  @Test func anEndWithAnotherTokenIsNone() {
    var report = PluginCheckReport(file: "libgated.so", token: "a1")
    for token in ["", "a2"] { report.take(.ended(token: token, wasLoaded: true)) }
    #expect(!report.hasEnded && !report.isClean)
    report.take(.ended(token: "a1", wasLoaded: true))
    #expect(report.isClean)
  }

  @Test func whatWasNotReachedIsSkipped() {
    var report = PluginCheckReport(file: "libgated.so")
    #expect(!report.isClean)
    #expect(report.text.hasSuffix("no findings; the check did not come to its end"))
    for _ in 0..<(PluginCheckReport.findingLimit + 5) { report.take(.finding(Self.finding)) }
    #expect(report.findings.count == PluginCheckReport.findingLimit && report.omitted == 5)
    let verdicts = report.json["checks"]?.elements?.compactMap { $0["verdict"]?.string } ?? []
    #expect(Set(verdicts) == ["skipped", "failed"])
  }
}
