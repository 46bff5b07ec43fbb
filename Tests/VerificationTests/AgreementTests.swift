import Tensors
import Testing
import Verification

@Suite struct AgreementTests {
  let agreement = Agreement(tolerance: 0.5)

  private func worst(_ found: [Double], _ expected: [Double]) throws -> ElementDifference {
    try #require(
      agreement.worst(
        found: Tensor(shape: [found.count], found), expected: Tensor(shape: [expected.count], expected)))
  }

  @Test func allowsToleranceTimesScaleAndMagnitude() throws {
    // The scale is the largest expected magnitude, 0.5: allowed at 0.25 is 0.5 * (0.5 + 0.25) + 1e-5.
    let allowed = 0.375 + 1e-5
    #expect(try worst([0.5, 0.25 + allowed * 0.999_999], [0.5, 0.25]).agrees)
    #expect(try !worst([0.5, 0.25 + allowed * 1.000_001], [0.5, 0.25]).agrees)
    #expect(try !worst([0.5, 0.25 - allowed * 1.000_001], [0.5, 0.25]).agrees)
  }

  @Test func takesAScaleOfAtMostOne() throws {
    // Beside 1000 the scale is 1, so that 0.5 * (1 + 0) + 1e-5 is allowed at 0.
    #expect(try worst([1000, 0.500_009], [1000, 0]).agrees)
    #expect(try !worst([1000, 0.500_011], [1000, 0]).agrees)
    #expect(try worst([2000, 0], [-1000, 0]).expected == -1000)
  }

  @Test func allowsALittleBesideZeros() throws {
    #expect(try worst([0.999e-5], [0]).agrees)
    #expect(try !worst([1.001e-5], [0]).agrees)
  }

  @Test func wantsTheSameInfinities() throws {
    #expect(try worst([.infinity], [.infinity]).agrees)
    #expect(try worst([-.infinity], [-.infinity]).agrees)
    #expect(try !worst([-.infinity], [.infinity]).agrees)
    #expect(try !worst([1e300], [.infinity]).agrees)
    #expect(try !worst([.infinity], [1e300]).agrees)
    #expect(try !worst([.nan], [1]).agrees)
    #expect(try !worst([1], [.nan]).agrees)
    #expect(try worst([.nan], [.nan]).agrees)
    #expect(try !worst([.nan], [.infinity]).agrees)
    #expect(try worst([.nan, 0.5], [.nan, 0.25]).index == 1)
  }

  @Test func wantsEqualIntegersAndBooleans() throws {
    let integers = try #require(
      agreement.worst(found: Tensor(shape: [2], [Int32(7), 3]), expected: Tensor(shape: [2], [Int32(7), 4])))
    #expect(!integers.agrees)
    #expect(integers.index == 1)
    let truths = try #require(
      agreement.worst(found: Tensor(shape: [1], [true]), expected: Tensor(shape: [1], [true])))
    #expect(truths.agrees)
  }

  @Test func findsTheElementThatIsFurthestOff() throws {
    let found = try worst([1, 5, 1.2, 1], [1, 4.9, 1, 1])
    #expect(found.index == 2)
    #expect(coordinates(of: 5, in: [2, 3]) == [1, 2])
    #expect(coordinates(of: 0, in: []) == [])
  }
}
