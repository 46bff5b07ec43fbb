import Diagnostics
import Testing

@testable import Tensors

/// "hello", packed.
let packedHello: [UInt8] = [
  0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x86,
  0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
]
/// 100,000 zeros, packed.
private let packedZeros: [UInt8] =
  [0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00]
  + [0x00, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x0d, 0x0f, 0xa0]
  + [UInt8](repeating: 0, count: 96) + [0x80, 0x57, 0x03, 0x7d, 0x95, 0x11, 0xd4, 0xa0, 0x86, 0x01, 0x00]

@Suite struct GzipTests {
  @Test func unpacksOneMemberAndMore() throws {
    #expect(try gunzip(packedHello, limit: 5) == Array("hello".utf8))
    #expect(try gunzip(packedHello + packedHello, limit: 10) == Array("hellohello".utf8))
    #expect(try unpacked(packedHello, limit: 5) == Array("hello".utf8))
    #expect(try unpacked([1, 2], limit: 0) == [1, 2])
    #expect(isGzip(packedHello))
    #expect(!isGzip([0x1f]))
  }

  @Test func stopsAtTheLimit() throws {
    #expect(try gunzip(packedZeros, limit: 100_000).count == 100_000)
    #expect(faultKind { _ = try gunzip(packedZeros, limit: 99_999) } == .limit)
    #expect(
      report { _ = try gunzip(packedZeros, limit: 99_999, file: "z.gz") }
        == "z.gz: error: unpacks to more than the limit of 99999 bytes")
    #expect(faultKind { _ = try gunzip(packedHello + packedHello, limit: 9) } == .limit)
  }

  @Test func namesTheDamage() {
    func gunzipReport(_ bytes: [UInt8]) -> String {
      report { _ = try gunzip(bytes, limit: 1000, file: "a.gz") }
    }
    #expect(
      gunzipReport([1, 2, 3]) == "a.gz: error: is no gzip file: it does not begin with the bytes 1f 8b")
    #expect(
      gunzipReport(Array(packedHello.dropLast(3)))
        == "a.gz: error: is cut short: the gzip data goes on at byte 22, the end of the file")
    #expect(
      gunzipReport(packedHello + [0, 0]) == "a.gz: error: holds something else than gzip data from byte 25 on"
    )
    var damaged = packedHello
    damaged[18] = 0
    #expect(gunzipReport(damaged) == "a.gz: error: is damaged gzip data at byte 21: incorrect data check")
    damaged = packedHello
    damaged[10] = 0xff
    #expect(gunzipReport(damaged) == "a.gz: error: is damaged gzip data at byte 11: invalid block type")
  }

  @Test func noDamageTraps() {
    damage(packedHello) { _ = try gunzip($0, limit: 1000) }
  }
}
