import Diagnostics
import Testing

@testable import Tensors

@Suite struct NPYTests {
  /// An NPY file of version 1 with a header as given.
  private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
  }

  private func npyReport(_ bytes: [UInt8]) -> String {
    report { _ = try NPY.read(bytes, file: "x.npy") }
  }

  @Test func roundTrips() throws {
    for tensor in [
      Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float]), Tensor(shape: [2], [0.1, -1e300] as [Double]),
      Tensor(shape: [], [5] as [Int32]), Tensor(shape: [0, 2], [] as [Int32]),
      Tensor(shape: [2], [true, false]),
      Tensor(shape: [Int](repeating: 1, count: 30_000), [1] as [Float]),
    ] {
      let bytes = NPY.bytes(of: tensor)
      #expect(try NPY.read(bytes) == tensor)
      #expect((bytes.count - tensor.count * tensor.elementType.byteCount) % 64 == 0)
    }
  }

  @Test func readsOtherTypesAndOrders() throws {
    let columns = file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n", [1, 4, 2, 5, 3, 6])
    #expect(try NPY.read(columns) == Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Int32]))
    let cube = file(
      "{\"shape\": (2,2,2), 'descr': '|i1', 'fortran_order': True}", [0, 4, 2, 6, 1, 5, 3, 255])
    #expect(try NPY.read(cube) == Tensor(shape: [2, 2, 2], [0, 1, 2, 3, 4, 5, 6, -1] as [Int32]))
    let wide = file("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}", [1, 1, 0, 0, 0, 0, 0, 0])
    #expect(try NPY.read(wide) == Tensor(shape: [1], [257] as [Int32]))
    let half = file("{'descr': '<f2', 'fortran_order': False, 'shape': ()}", [0, 0x3E])
    #expect(try NPY.read(half) == Tensor(shape: [], [1.5] as [Float]))
    var second = file("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", [7])
    second.insert(contentsOf: [0, 0], at: 10)
    for version: UInt8 in [2, 3] {
      second[6] = version
      #expect(try NPY.read(second) == Tensor(shape: [], [7] as [Int32]))
    }
  }

  @Test func namesWhatIsWrong() {
    let good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}"
    #expect(npyReport(file(good, [1, 2])) == "no fault")
    #expect(
      npyReport([1, 2])
        == "x.npy: error: is no NPY file: it does not begin with the byte 93 and the letters NUMPY")
    #expect(
      npyReport(Array(file(good)[..<7]))
        == "x.npy: error: is cut short: the NPY version stands at bytes 6 and 7")
    #expect(
      npyReport(Array(file(good)[..<9]))
        == "x.npy: error: is cut short: the length of the NPY header ends at byte 10")
    #expect(
      npyReport(Array(file(good)[..<30]))
        == "x.npy: error: is cut short: the NPY header ends at byte 65, the file at byte 30")
    #expect(
      npyReport(file(good, [1]))
        == "x.npy: error: holds 1 bytes of data from byte 65 on, but the shape [2] takes 2")
    var version = file(good, [1, 2])
    version[6] = 4
    #expect(
      npyReport(version)
        == "x.npy: error: byte 6: the NPY version 4.0 is unknown; 1.0, 2.0 and 3.0 are accepted")
    let wide = file(
      "{'descr': '<i8', 'fortran_order': False, 'shape': (2,)}",
      [0, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 1, 0, 0, 0])
    #expect(
      npyReport(wide)
        == "x.npy: error: byte 73: 4294967296 does not fit int32 (-2147483648 to 2147483647)")
    #expect(
      npyReport(file("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", [1, 2]))
        == "x.npy: error: byte 66: a bool is 2, not 0 or 1")
    #expect(
      npyReport(file("{'descr': '|b1', 'fortran_order': False, 'shape': (9999999999,9999999999)}"))
        == "x.npy: error: the shape [9999999999, 9999999999] has more elements than can be counted")
  }

  @Test(arguments: [
    (
      "{'descr': '>f4', 'fortran_order': False, 'shape': ()}",
      "the element type '>f4' cannot be read; '<f4', '<f8', '<f2', '<i4', '<i8', '<i2', '|i1', '|u1', '<u2', "
        + "'<u4', '<u8', '|b1' are accepted"
    ),
    ("{'descr': '<f4', 'fortran_order': False}", "the NPY header has no key 'shape'"),
    ("{'shape': (), 'fortran_order': False}", "the NPY header has no key 'descr'"),
    ("{'shape': (), 'descr': '<f4'}", "the NPY header has no key 'fortran_order'"),
    (
      "{'order': 1}",
      "byte 11: the NPY header has the unknown key 'order'; 'descr', 'fortran_order' and 'shape' are accepted"
    ),
    ("{'shape': (), 'shape': ()}", "byte 24: the key 'shape' stands twice in the NPY header"),
    ("{'shape': (3)}", "byte 22: the NPY header has \")}\" where \",\" is accepted"),
    (
      "{'shape': (-3,)}",
      "byte 21: the NPY header has \"-3,)}\" where a size from 0 to 9223372036854775807 is accepted"
    ),
    ("{'shape': (3L,)}", "byte 22: the NPY header has \"L,)}\" where \",\" is accepted"),
    (
      "{'descr': [('a', '<f4')]}",
      "byte 20: the NPY header has \"[('a', '<f4'\" where a quoted text is accepted"
    ),
    ("{'fortran_order': 0}", "byte 28: the NPY header has \"0}\" where True or False is accepted"),
    (
      "{'descr': '<f4", "byte 20: the NPY header has \"'<f4\" where a quoted text without escapes is accepted"
    ),
    ("{} x", "byte 13: the NPY header has \"x\" where its end is accepted"),
    ("[]", "byte 10: the NPY header has \"[]\" where \"{\" is accepted"),
    ("{'shape': ()", "byte 22: the NPY header ends where \"}\" is accepted"),
  ])
  func namesWhatIsWrongInTheHeader(header: String, message: String) {
    #expect(npyReport(file(header)) == "x.npy: error: \(message)")
  }

  @Test func noDamageTraps() {
    damage(NPY.bytes(of: Tensor(shape: [2, 2], [1, 2, 3, 4] as [Float]))) { _ = try NPY.read($0) }
    damage(file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n", [1, 4, 2, 5, 3, 6])) {
      _ = try NPY.read($0)
    }
  }
}
