import LayerKit
import Testing

@Suite struct DimensionTests {
  let time = Dimension(symbol: "time")
  let batch = Dimension(symbol: "batch")
  let width = Dimension(symbol: "width")

  @Test func equalExpressionsAreEqualSizes() {
    #expect(time + 2 == 2 + time)
    #expect(time + 1 + 1 == time + 2)
    #expect(batch * time == time * batch)
    #expect((time + 1) * (time - 1) == time * time - 1)
    #expect(time - time == 0)
    #expect((time * 6).dividedDown(by: 3) == time * 2)
    #expect((width * 2 + 1).dividedUp(by: 2) == width + 1)
    #expect((width * 2 + 1).dividedDown(by: 2) == width)
    #expect((width + 4).dividedUp(by: 2) == width.dividedUp(by: 2) + 2)
    #expect(time != batch)
    #expect(width.dividedUp(by: 2) != width.dividedDown(by: 2))
    #expect(width.dividedUp(by: 1) == width)
  }

  @Test func theyAreWrittenAsPeopleWriteThem() {
    #expect("\(time + 2)" == "time + 2")
    #expect("\(time - 2)" == "time - 2")
    #expect("\(batch * time * 3)" == "3*batch*time")
    #expect("\(width.dividedUp(by: 2))" == "ceil(width/2)")
    #expect("\((width + 1).dividedDown(by: 2))" == "floor((width + 1)/2)")
    #expect("\(Dimension(0))" == "0")
    #expect("\(time.atMost(7))" == "min(time, 7)")
    #expect("\((time - 3).atLeast(0))" == "max(time - 3, 0)")
    #expect([batch, 16].text == "[batch, 16]")
  }

  @Test(arguments: -40...40) func theValueIsThatOfTheArithmetic(_ number: Int) {
    let sizes = ["time": number, "width": 7]
    let value = { (size: Dimension) in size.evaluate { sizes[$0] } }
    for divisor in [1, 2, 3, 7] {
      let exact = Double(2 * number - 3) / Double(divisor)
      #expect(value((time * 2 - 3).dividedDown(by: divisor)) == Int(exact.rounded(.down)))
      #expect(value((time * 2 - 3).dividedUp(by: divisor)) == Int(exact.rounded(.up)))
    }
    #expect(value(time * width - time) == number * 6)
    #expect(value(time.atMost(3)) == min(number, 3))
    #expect(value(time.atLeast(3)) == max(number, 3))
    #expect(batch.evaluate { sizes[$0] } == nil)
  }

  @Test func anExactQuotientOrNone() {
    #expect((batch * time * 6).dividedExactly(by: time * 3) == batch * 2)
    #expect((time * 6 + 3).dividedExactly(by: 3) == time * 2 + 1)
    #expect((time * 6 + 1).dividedExactly(by: 3) == nil)
    #expect(time.dividedExactly(by: batch) == nil)
    #expect((time + 1).dividedExactly(by: time + 1) == 1)
  }

  @Test func numbersSaturateAndNeverTrap() {
    let most = Dimension(.max)
    #expect(most + most == most)
    #expect(most * most == most)
    #expect((most * -1) * most == Dimension(-.max))
    #expect((most * -1).dividedDown(by: .max) == -1)
    #expect((most * -1).dividedDown(by: .max - 1) == -2)
    #expect(most.dividedUp(by: .max) == 1)
    #expect((time * .max).dividedUp(by: .max) == time)
    #expect((time - most).dividedDown(by: 2).evaluate { _ in 1 } == Int.min / 2 + 1)
    #expect(saturatingSum(.min, -1) == -.max)
    #expect(saturatingProduct(.min, -1) == .max)
  }

  @Test func anExpressionThatGrowsTooLongIsTooLargeASize() {
    var sum = Dimension(0)
    for index in 0..<60 { sum = sum + Dimension(symbol: "s\(index)") }
    #expect(sum.number == nil)
    #expect((sum * sum).number == .max)
    var nested = width
    for _ in 0..<1000 where nested.number == nil { nested = (nested + 1).dividedUp(by: 2) }
    #expect(nested.number == .max)
  }
}

private func - (size: Dimension, number: Int) -> Dimension { size - Dimension(number) }
private func * (size: Dimension, number: Int) -> Dimension { size * Dimension(number) }
