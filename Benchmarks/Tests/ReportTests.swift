import CBenchmarks
import Diagnostics
import Foundation
import Testing

@testable import benchmarks

/// What is worked out from measurements, and where it is written.
@Suite struct ReportTests {
  @Test func theMiddleIsTheMedian() {
    #expect([3.0, 1, 2].median == 2)
    #expect([4.0, 1, 2, 3].median == 2.5)
    #expect([Double]().median == 0)
  }

  @Test func theMeanOfRatiosIsGeometric() throws {
    #expect(abs(try #require(Report.geometricMean([2, 8])) - 4) < 1e-12)
    #expect(Report.geometricMean([]) == nil)
  }

  @Test func timesHaveReadableUnits() {
    #expect(Report.time(1.234e-6) == "1.23 µs")
    #expect(Report.time(0.0456) == "45.6 ms")
    #expect(Report.time(2) == "2.00 s")
    #expect(Report.time(nil) == "–")
  }

  @Test func aMeasurementHasAtLeastTenRepetitions() {
    var calls = 0
    let timing = Timing.measure(seconds: 0) { calls += 1 }
    #expect(timing.repetitions == 10 && calls == 13)
    #expect(timing.minimum <= timing.median)
  }

  @Test func theMarkedPartOfAPageIsReplaced() throws {
    let page = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).md"
    defer { try? FileManager.default.removeItem(atPath: page) }
    try "before\n\(MarkedPage.begin)\nold\n\(MarkedPage.end)\nafter\n".write(
      toFile: page, atomically: true, encoding: .utf8)
    try MarkedPage.write("new\n", to: page)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text == "before\n\(MarkedPage.begin)\n\nnew\n\n\(MarkedPage.end)\nafter\n")
    try "nothing\n".write(toFile: page, atomically: true, encoding: .utf8)
    #expect(throws: Fault.self) { try MarkedPage.check(page) }
  }

  @Test func multiplyAddsAreCounted() {
    let one = benchmarks_multiply_add(1)
    #expect(one > 0 && benchmarks_multiply_add(10) == 10 * one)
  }
}
