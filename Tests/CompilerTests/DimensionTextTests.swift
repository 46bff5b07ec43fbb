import LayerKit
import Testing

/// Sizes that cross a border as texts.
@Suite struct DimensionTextTests {
  let time = Dimension(symbol: "time")
  let batch = Dimension(symbol: "batch")
  let width = Dimension(symbol: "width")

  /// What is printed reads back as the same size.
  @Test func textsReadBack() {
    let half = (width - 3).dividedUp(by: 2)
    let sizes: [Dimension] = [
      0, 1, 16, Dimension(.max), time, time + 2, time - 2, 2 - time, batch * time * 3, half,
      half * half - batch,
      (half + time.dividedDown(by: 7)).dividedDown(by: 3), time.atMost(7), (time * 2 - 3).atLeast(0) + 1,
    ]
    for size in sizes { #expect(Dimension("\(size)") == size, "\(size)") }
    #expect(Dimension(" ( batch ) * ( time + 1 ) ") == batch * (time + 1))
  }

  @Test(arguments: [
    "", "+", "2 +", "time time", "ceil(time)", "ceil(time/0)", "floor(time/-2)", "min(time)", "root(time, 2)",
    "(time", "time)", "1.5", "a/b", "é", "-", "ceil(time/x)",
  ]) func otherTextsAreNoSizes(_ text: String) {
    #expect(Dimension(text) == nil)
  }

  @Test func deepAndLongTextsEnd() {
    let deep = String(repeating: "(", count: 10_000) + "time" + String(repeating: ")", count: 10_000)
    #expect(Dimension(deep) == nil)
    #expect(Dimension(String(repeating: "1+", count: 100_000) + "1") == nil)
    #expect(Dimension("99999999999999999999") == Dimension(.max))
  }
}
