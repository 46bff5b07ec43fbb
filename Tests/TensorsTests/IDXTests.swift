import Diagnostics
import Testing

@testable import Tensors

@Suite struct IDXTests {
  private func idxReport(_ bytes: [UInt8]) -> String {
    report { _ = try IDX.read(bytes, file: "x.idx") }
  }

  @Test func readsEveryType() throws {
    let size: [UInt8] = [0, 0, 0, 2]
    #expect(try IDX.read([0, 0, 8, 1] + size + [1, 255]) == Tensor(shape: [2], [1, 255] as [Int32]))
    #expect(try IDX.read([0, 0, 9, 1] + size + [1, 255]) == Tensor(shape: [2], [1, -1] as [Int32]))
    #expect(
      try IDX.read([0, 0, 11, 1] + size + [1, 0, 255, 254]) == Tensor(shape: [2], [256, -2] as [Int32]))
    #expect(
      try IDX.read([0, 0, 12, 1] + size + [0, 0, 1, 0, 255, 255, 255, 255])
        == Tensor(shape: [2], [256, -1] as [Int32]))
    #expect(
      try IDX.read([0, 0, 13, 1] + size + [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0])
        == Tensor(shape: [2], [1, -2] as [Float]))
    #expect(
      try IDX.read([0, 0, 14, 0, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]) == Tensor(shape: [], [1.5] as [Double]))
  }

  @Test func namesWhatIsWrong() {
    #expect(idxReport([0, 0]) == "x.idx: error: is no IDX file: it holds 2 bytes, its head alone takes 4")
    #expect(
      idxReport([1, 0, 8, 0]) == "x.idx: error: is no IDX file: it begins with the bytes 0100, not 0000")
    #expect(
      idxReport([0, 0, 10, 0])
        == "x.idx: error: byte 2: the IDX type 0x0a is unknown; 0x08, 0x09, 0x0b, 0x0c, 0x0d and "
        + "0x0e are accepted"
    )
    #expect(
      idxReport([0, 0, 8, 2, 0, 0, 0, 1])
        == "x.idx: error: is cut short: 2 sizes end at byte 12, the file at byte 8")
    #expect(
      idxReport([0, 0, 8, 1, 0, 0, 0, 3, 1, 2])
        == "x.idx: error: holds 2 bytes of data from byte 8 on, but the shape [3] takes 3")
    #expect(
      idxReport([0, 0, 8, 2] + [UInt8](repeating: 255, count: 8))
        == "x.idx: error: the shape [4294967295, 4294967295] has more elements than can be counted")
  }

  @Test func noDamageTraps() {
    damage([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]) { _ = try IDX.read($0) }
  }
}

@Suite struct TensorReadingTests {
  @Test func tellsTheFormatsApart() throws {
    let tensor = Tensor(shape: [2], [1, 255] as [Int32])
    let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 255]
    #expect(try readTensor(idx, limit: 100, file: nil) == tensor)
    #expect(try readTensor(NPY.bytes(of: tensor), limit: 1000, file: nil) == tensor)
    // The IDX file above, packed.
    let packed: [UInt8] = [
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xe0, 0x60, 0x64, 0x60, 0x60,
      0x60, 0x62, 0xfc, 0x0f, 0x00, 0xd5, 0x72, 0x85, 0xa1, 0x0a, 0x00, 0x00, 0x00,
    ]
    #expect(try readTensor(packed, limit: 100, file: nil) == tensor)
    try withFolder { (folder: String) throws in
      let path = FileAccess.join(folder, "labels.gz")
      try FileAccess.writeFile(path, packed)
      #expect(try readTensor(path, limit: 100) == tensor)
      #expect(faultKind { _ = try readTensor(path, limit: 9) } == .limit)
    }
  }

  @Test func namesWhatIsNeither() {
    #expect(
      report { _ = try readTensor([1, 2, 3], limit: 9, file: "a") }
        == "a: error: is neither NPY nor IDX: it begins with the bytes 010203")
    #expect(
      report { _ = try readTensor([], limit: 9, file: "a") }
        == "a: error: is neither NPY nor IDX: it is empty")
  }
}
