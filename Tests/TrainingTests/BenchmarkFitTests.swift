import Testing

@testable import Training

@Suite struct BenchmarkFitTests {
  private func fit(_ works: [Double], _ seconds: (Double) -> Double) -> BenchmarkFit? {
    BenchmarkFit(works.map { (work: $0, seconds: seconds($0)) })
  }

  private let works = (0..<12).map { Double(1 << $0) }

  @Test func aLineIsFound() throws {
    let found = try #require(fit(works) { 3e-5 + 2e-7 * $0 })
    #expect(abs(found.overhead - 3e-5) < 1e-12)
    #expect(abs(found.slope - 2e-7) < 1e-14)
    #expect(found.deviation < 1e-9)
    #expect(found.pointCount == 6)
    #expect(abs(found.seconds(at: 100) - 5e-5) < 1e-10)
  }

  @Test func whatIsBelowTheUpperHalfDoesNotCount() throws {
    let found = try #require(fit(works) { $0 < 64 ? 1 : 1e-6 * $0 })
    #expect(abs(found.overhead) < 1e-10 && abs(found.slope - 1e-6) < 1e-12)
    #expect(abs(found.power - 1) < 1e-9)
  }

  /// Times that do not grow in proportion are told by the power, and by how far they are from the line.
  @Test func aPlantedSquareIsTold() throws {
    let found = try #require(fit(works) { 1e-9 * $0 * $0 })
    #expect(abs(found.power - 2) < 1e-9)
    #expect(found.deviation > 0.1)
    #expect(found.overhead < 0)
  }

  @Test func aPlantedOutlierIsTold() throws {
    let found = try #require(fit(works) { $0 == 512 ? 2e-6 * $0 : 1e-6 * $0 })
    #expect(found.deviation > 0.2)
  }

  @Test func pointsWithoutALineGiveNone() {
    #expect(BenchmarkFit([]) == nil)
    #expect(BenchmarkFit([(work: 1, seconds: 1)]) == nil)
    #expect(BenchmarkFit([(work: 2, seconds: 1), (work: 2, seconds: 3)]) == nil)
    #expect(BenchmarkFit([(work: 0, seconds: 1), (work: 2, seconds: 3)]) == nil)
    #expect(BenchmarkFit([(work: 1, seconds: 0), (work: 2, seconds: 3)]) == nil)
    #expect(BenchmarkFit([(work: 1, seconds: 1), (work: 2, seconds: .infinity)]) == nil)
  }

  @Test func theOrderOfThePointsDoesNotCount() throws {
    let points = works.map { (work: $0, seconds: 1e-6 * $0 + 1e-7) }
    #expect(BenchmarkFit(points) == BenchmarkFit(points.reversed()))
  }

  @Test func valuesAreThePowersOfTwo() {
    #expect(BenchmarkSweep.values(upTo: 1) == [1])
    #expect(BenchmarkSweep.values(upTo: 8) == [1, 2, 4, 8])
    #expect(BenchmarkSweep.values(upTo: 9) == [1, 2, 4, 8])
    #expect(BenchmarkSweep.values(upTo: .max).last == 1 << 62)
  }
}
