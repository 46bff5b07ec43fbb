import Inspection
import Testing

@Suite struct FormattedNumberTests {
  @Test func thousandsHaveCommas() {
    #expect(
      [0, 999, 1000, -1_234_567, Int.max].map(\.grouped) == [
        "0", "999", "1,000", "-1,234,567", "9,223,372,036,854,775,807",
      ])
  }

  @Test func bytesHaveUnits() {
    #expect(
      [0, 1023, 1024, 1536, 20 << 20, 3 << 30].map(\.byteText) == [
        "0 B", "1023 B", "1.0 KiB", "1.5 KiB", "20.0 MiB", "3.0 GiB",
      ])
  }

  @Test func fixedDigitsRound() {
    #expect(
      [0.125, -0.0049, 2.0, 0.995, .infinity].map { $0.fixed(2) } == [
        "0.13", "0.00", "2.00", "1.00", "inf",
      ])
    #expect(12.6.fixed(0) == "13")
  }

  @Test func significantDigitsChooseAForm() {
    #expect(
      [0, 0.0123456, 1.5, 123456.0, 1.2345e-8, -3.3e20].map { $0.significant() } == [
        "0", "0.01235", "1.500", "123456", "1.235e-08", "-3.300e+20",
      ])
  }
}
