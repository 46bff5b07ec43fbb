import Inspection
import Testing

@Suite struct LinePlotTests {
  private func plot(
    _ points: [(x: Double, y: Double)], title: String = "t", isComputed: Bool = false
  ) -> String? {
    LinePlot(
      title: title, horizontal: "rows",
      lines: [LinePlot.Line("measured", points, isComputed: isComputed, color: 0)]
    ).svg
  }

  @Test func pointsStandAtEqualStepsForEqualFactors() throws {
    let svg = try #require(plot([(1, 1e-6), (10, 1e-5), (100, 1e-4)]))
    let list = try #require(svg.firstMatch(of: #/points="([^"]*)"/#)?.1)
    let places = list.split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } }
    try #require(places.count == 3 && places.allSatisfy { $0.count == 2 })
    for axis in 0..<2 {
      let steps = [places[1][axis] - places[0][axis], places[2][axis] - places[1][axis]]
      #expect(abs(steps[0] - steps[1]) < 0.3)
    }
    #expect(places[0][0] < places[1][0] && places[0][1] > places[1][1])
    #expect(svg.components("<circle") == 3)
  }

  @Test func axesHaveUnits() throws {
    let svg = try #require(plot([(1, 2e-6), (4096, 3e-3)]))
    for label in [">10 µs<", ">100 µs<", ">1 ms<", ">1<", ">1k<", ">rows<", ">measured<", ">median time<"] {
      #expect(svg.contains(label), "\(label)")
    }
    #expect(try #require(plot([(1e8, 1), (3e8, 20)])).contains(">200M<"))
  }

  @Test func whatIsComputedHasNoMarks() throws {
    let svg = try #require(plot([(1, 1), (2, 2)], isComputed: true))
    #expect(!svg.contains("<circle") && svg.contains("stroke-dasharray"))
  }

  @Test func namesCannotBreakThePicture() throws {
    let svg = try #require(plot([(1, 1), (2, 2)], title: "<a> & \u{7}b</text>"))
    #expect(svg.contains("&lt;a&gt; &amp; b&lt;/text&gt;"))
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.components("<text") == svg.components("</text>"))
  }

  /// Numbers that a logarithmic axis has no place for are left out; the rest is drawn.
  @Test func numbersWithoutAPlaceAreLeftOut() throws {
    #expect(plot([]) == nil)
    #expect(plot([(0, 1), (1, -1), (.nan, 1), (1, .infinity)]) == nil)
    let one = try #require(plot([(0, 1), (8, 1e-3)]))
    #expect(one.components("<circle") == 1)
    #expect(!one.contains("nan") && !one.contains("inf"))
  }
}

extension String {
  /// How often the text holds another.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
