import Inspection
import Tensors
import Testing

@Suite struct WeightSummaryTests {
  @Test func statisticsLeaveOutWhatIsNotFinite() {
    let own = Statistics(Tensor(shape: [6], [Float.nan, 0, 1, 2, 3, .infinity]))
    #expect(own.count == 6)
    #expect((own.zeros, own.notFinite) == (1, 2))
    #expect((own.minimum, own.maximum, own.mean) == (0, 3, 1.5))
    #expect(own.deviation == 1.25.squareRoot())
    #expect(own.histogram == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1])
    #expect(own.bars == "█   █   █  █")
  }

  @Test func nothingFiniteHasNoMean() {
    let own = Statistics(Tensor(shape: [2], [Double.nan, -.infinity]))
    #expect(own.mean == nil && own.minimum == nil && own.notFinite == 2)
  }

  @Test func storedValuesAreShown() throws {
    let summary = try WeightSummary(try Fixture.network(Fixture.values), limit: .max)
    #expect(
      summary.text() == """
        parameters from graph.json
        parameter  shape   minimum  maximum    mean  deviation  zeros  not finite  histogram
        y.weight   [2, 2]    1.000    4.000   2.500      1.118      0           0  |█   █   █  █|
        y.bias     [2]           0   0.5000  0.2500     0.2500      1           0  |█          █|

        """)
  }
}
