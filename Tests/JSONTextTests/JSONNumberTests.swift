import Testing

@testable import JSONText

@Suite struct JSONNumberTests {
  @Test(arguments: [
    ("16", 16), ("16.0", 16), ("-3", -3), ("-3.0", -3), ("0", 0), ("-0", 0), ("-0.0", 0), ("0.0", 0),
    ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ("9223372036854775807.0", Int.max), ("9007199254740993", 9_007_199_254_740_993),
    ("9223372036854775808", nil), ("-9223372036854775809", nil), ("16.00", nil), ("16.5", nil), ("1e3", nil),
    ("1E0", nil), ("1.0e0", nil), ("123456789012345678901234567890", nil),
  ])
  func integersAreExactAndWrittenAsTheFormatSays(text: String, integer: Int?) throws {
    #expect(try parse(text).root.integer == integer)
  }

  @Test(arguments: [
    ("1e999", nil), ("-1e999", nil), ("1e308", 1e308), ("1e-999", 0), ("0.1", 0.1), ("16", 16),
    ("1.7976931348623157e308", Double.greatestFiniteMagnitude), ("5e-324", Double.leastNonzeroMagnitude),
    ("9007199254740993", 9_007_199_254_740_992),
  ])
  func doublesAreTheNearestOnes(text: String, double: Double?) throws {
    #expect(try parse(text).root.double == double)
  }

  @Test func aSignOfZeroIsKept() throws {
    #expect(try parse("-0").root.double?.sign == .minus)
    #expect(try parse("-0").root.number?.isNegative == true)
  }

  @Test(arguments: [
    ("0", "0"), ("-0", "-0.0"), ("-0.0", "-0.0"), ("-0e7", "-0.0"), ("0.000", "0"), ("16", "16"),
    ("16.0", "16"),
    ("1.50", "1.5"), ("1e0", "1"), ("1e3", "1000"), ("1.5e3", "1500"), ("-2.50E+1", "-25"),
    ("0.0001", "0.0001"),
    ("0.00001", "1e-5"), ("1e-4", "0.0001"), ("0.00012345", "0.00012345"), ("0.000012345", "1.2345e-5"),
    ("1e15", "1000000000000000"), ("9007199254740991.0", "9007199254740991"),
    ("9007199254740992e0", "9007199254740992"), ("9999999999999998e0", "9999999999999998"),
    ("1e16", "1e16"), ("12345678901234567890e0", "1.2345678901234567e19"), ("1.5e+300", "1.5e300"),
    ("10000000000000000", "10000000000000000"), ("9223372036854775807", "9223372036854775807"),
    ("9223372036854775807.0", "9223372036854775807"), ("18446744073709551616", "18446744073709551616"),
    ("0.1000000000000000055511151231257827", "0.1"), ("0.30000000000000004", "0.30000000000000004"),
    ("123456.789", "123456.789"), ("1234567890123456.7", "1234567890123456.8"), ("1e999", "1e999"),
    ("1e-999", "0"), ("-1e-999", "-0.0"), ("5e-324", "5e-324"),
    ("2.2250738585072014e-308", "2.2250738585072014e-308"),
    ("100.25", "100.25"), ("0.5", "0.5"), ("-0.125000", "-0.125"), ("1e-5", "1e-5"), ("1e+05", "100000"),
  ])
  func canonicalTextIsShortAndReadsBackTheSame(text: String, canonical: String) throws {
    let number = try #require(try parse(text).root.number)
    #expect(number.canonicalText == canonical)
    let again = try #require(try parse(canonical).root.number)
    #expect(again.canonicalText == canonical)
    #expect(again.double?.bitPattern == number.double?.bitPattern)
    if number.integer != nil { #expect(again.integer == number.integer) }
  }

  @Test func doublesReadBackBitForBit() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let bits = Double(bitPattern: generator.next())
      let near = Double(Int64(bitPattern: generator.next()) >> 20) / 1e6
      for number in [bits, near] where number.isFinite {
        let text = JSONWriter.compactText(.double(number))
        #expect(try parse(text).root.double?.bitPattern == number.bitPattern)
        #expect(try parse(text).root.number?.canonicalText == text)
      }
    }
  }

  @Test func numbersThatAreNotFiniteAreWrittenAsNull() {
    let values: [JSONValue] = [.double(.nan), .double(.infinity), .double(1e-5), .integer(.min)]
    #expect(JSONWriter.compactText(.array(values)) == "[null,null,1e-5,-9223372036854775808]")
  }
}
