import JSONText
import Testing

@testable import PluginCheck

@Suite struct PluginCheckReportTests {
  private static let finding = Finding(.memory, "operator \"gated\"", "writes \"there\"")
  private static let events: [CheckEvent] = [
    .plugin(name: "gated", version: "1.2.0", interface: "1.0"), .begins("forward of \"gated\""),
    .finding(finding),
    .counted(.memory, 3), .counted(.memory, 4), .done,
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
    #expect(lines.contains("       operator \"gated\": writes \"there\""))
    #expect(lines.contains("passed leaks: calls keep no memory, descriptors or threads"))
    #expect(lines.last == "1 finding")
    #expect(report.json["clean"]?.boolean == false)
    #expect(report.json["findings"]?.elements?.first?["check"]?.string == "memory")
    #expect(report.json["checks"]?.elements?.count == Check.allCases.count)
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
