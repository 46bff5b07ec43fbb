import Diagnostics
import Testing

@testable import Tensors

@Suite struct SafetensorsTests {
  /// A safetensors file with a header as given.
  private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
  }

  private func tensorsReport(_ bytes: [UInt8]) -> String {
    report { _ = try Safetensors.read(bytes, file: "m.safetensors") }
  }

  /// The header of one tensor.
  private func one(_ type: String, _ shape: String, _ offsets: String) -> String {
    "{\"w\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
  }

  @Test func roundTrips() throws {
    let tensors = [
      ("flags", Tensor(shape: [3], [true, false, true])),
      ("b.weight", Tensor(shape: [2, 1], [1, 2] as [Float])),
      ("a \"quoted\"\n\u{1F600}", Tensor(shape: [], [0.1] as [Double])),
      ("empty", Tensor(shape: [0, 3], [] as [Float])), ("n", Tensor(shape: [1], [-5] as [Int32])),
    ]
    let metadata = ["epoch": "3", "a\\b": "tab\t"]
    let bytes = Safetensors.bytes(of: tensors, metadata: metadata)
    let read = try Safetensors.read(bytes)
    #expect(read.names == tensors.map(\.0))
    for (name, tensor) in tensors { #expect(read[name] == tensor) }
    #expect(read.metadata == metadata)
    #expect(read.entries.map(\.fileType) == ["BOOL", "F32", "F64", "F32", "I32"])
    #expect(read["none"] == nil)
    #expect(bytes[0] % 8 == 0)
    #expect(Safetensors.bytes(of: tensors, metadata: metadata) == bytes)
    #expect(try Safetensors.read(Safetensors.bytes(of: [])).names.isEmpty)
  }

  @Test(arguments: [
    ("F16", [0, 0x3E], 1.5), ("BF16", [0x40, 0xC0], -3),
    ("I64", [254, 255, 255, 255, 255, 255, 255, 255], -2),
    ("U64", [7, 0, 0, 0, 0, 0, 0, 0], 7), ("U32", [0, 0, 1, 0], 65536), ("U16", [255, 255], 65535),
    ("I16", [255, 255], -1), ("U8", [200], 200), ("I8", [200], -56), ("F32", [0, 0, 0x80, 0x3F], 1),
  ])
  func convertsOtherTypes(type: String, data: [UInt8], value: Double) throws {
    let read = try Safetensors.read(file(one(type, "[1]", "[0,\(data.count)]"), data))
    #expect(read["w"]?.doubles == [value])
    #expect(read.entry(named: "w")?.fileType == type)
    #expect(read["w"]?.elementType.isFloat == type.contains("F"))
  }

  @Test func namesWhatIsWrongAtTheHead() {
    #expect(
      tensorsReport([1, 2])
        == "m.safetensors: error: is no safetensors file: it holds 2 bytes, the length of its "
        + "header alone takes 8"
    )
    #expect(
      tensorsReport([UInt8](repeating: 255, count: 9))
        == "m.safetensors: error: is no safetensors file, or has a header of 18446744073709551615 "
        + "bytes, more "
        + "than the limit of 100000000")
    #expect(
      tensorsReport([9, 0, 0, 0, 0, 0, 0, 0, 0x7B])
        == "m.safetensors: error: is cut short: the safetensors header ends at byte 17, the file at byte 9")
    #expect(
      tensorsReport(file(" {}"))
        == "m.safetensors: error: is no safetensors file: no \"{\" stands at byte 8, where its header begins")
    #expect(tensorsReport(file("{}   ")) == "no fault")
    #expect(
      tensorsReport(file("{}", [1, 2]))
        == "m.safetensors: error: holds 2 bytes of data, but the header ends at byte 0: more follows")
  }

  @Test func namesWhatIsWrongWithOneTensor() {
    func tensorReport(_ header: String, _ data: [UInt8] = []) -> String {
      tensorsReport(file(header, data)).replacing("m.safetensors: error: tensor \"w\"", with: "w")
    }
    #expect(tensorReport("{\"w\":1}") == "w: is no object with \"dtype\", \"shape\" and \"data_offsets\"")
    #expect(tensorReport("{\"w\":{}}") == "w: has no text \"dtype\"")
    #expect(
      tensorReport(one("F23", "[1]", "[0,4]"), [0, 0, 0, 0])
        == "w: has the dtype \"F23\"; F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, "
        + "BOOL are accepted"
        + "; did you mean \"F32\"?")
    #expect(tensorReport(one("F32", "[1.5]", "[0,4]")) == "w: has no \"shape\" of whole numbers from 0 on")
    #expect(tensorReport(one("F32", "[-1]", "[0,4]")) == "w: has no \"shape\" of whole numbers from 0 on")
    #expect(
      tensorReport(one("F32", "[1]", "[4,0]"))
        == "w: has no \"data_offsets\" of two whole numbers, the first not above the second")
    #expect(
      tensorReport(one("F32", "[9223372036854775807]", "[0,4]"))
        == "w: has the shape [9223372036854775807] with more elements than can be counted")
    #expect(
      tensorReport(one("F32", "[2]", "[0,4]"), [0, 0, 0, 0])
        == "w: has 4 bytes (0 to 4), but the shape [2] of F32 takes 8")
    #expect(
      tensorReport(one("F32", "[1]", "[0,4]"), [0])
        == "w: has data up to byte 4, but the file's data ends at byte 1")
    #expect(
      tensorReport(one("F32", "[1]", "[4,8]"), [0, 0, 0, 0, 0, 0, 0, 0])
        == "w: has data from byte 4 on, but the header ends at byte 0: a hole lies between them")
    #expect(
      tensorReport(one("F32", "[1]", "[0,4]").replacing("shape", with: "shap"))
        == "w: has the unknown key \"shap\"; \"dtype\", \"shape\" and \"data_offsets\" are "
        + "accepted; did you mean "
        + "\"shape\"?")
    let type = one("BOOL", "[2]", "[0,2]")
    #expect(tensorReport(type, [1, 7]) == "w, byte \(8 + type.utf8.count + 1): a bool is 7, not 0 or 1")
    let wide = one("I64", "[1]", "[0,8]")
    #expect(
      tensorReport(wide, [0, 0, 0, 0, 1, 0, 0, 0])
        == "w, byte \(8 + wide.utf8.count): 4294967296 does not fit int32 (-2147483648 to 2147483647)")
  }

  @Test func namesWhatIsWrongBetweenTensors() {
    func two(_ first: String, _ second: String) -> String {
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":\(first)},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":\(second)}}"
    }
    #expect(tensorsReport(file(two("[2,4]", "[0,2]"), [1, 2, 3, 4])) == "no fault")
    #expect(
      tensorsReport(file(two("[0,2]", "[1,3]"), [1, 2, 3]))
        == "m.safetensors: error: tensor \"b\": has data from byte 1 on, but tensor \"a\" ends at "
        + "byte 2: they overlap"
    )
    #expect(
      tensorsReport(file(two("[0,2]", "[0,2]"), [1, 2]))
        == "m.safetensors: error: tensor \"b\": has data from byte 0 on, but tensor \"a\" ends at "
        + "byte 2: they overlap"
    )
    #expect(
      tensorsReport(file(two("[0,2]", "[3,5]"), [1, 2, 3, 4, 5]))
        == "m.safetensors: error: tensor \"b\": has data from byte 3 on, but tensor \"a\" ends at "
        + "byte 2: a hole "
        + "lies between them")
    #expect(
      tensorsReport(file(two("[0,2]", "[2,4]"), [1, 2, 3, 4, 5]))
        == "m.safetensors: error: holds 5 bytes of data, but tensor \"b\" ends at byte 4: more follows")
  }

  @Test func namesWhatIsWrongInTheJSON() {
    #expect(
      tensorsReport(file("{\"__metadata__\":1}"))
        == "m.safetensors: error: __metadata__: is no object of texts")
    #expect(
      tensorsReport(file("{\"__metadata__\":{\"a\":1}}"))
        == "m.safetensors: error: __metadata__, \"a\": is no text")
    let broken = tensorsReport(file("{\"a\":}"))
    #expect(broken.hasPrefix("m.safetensors: error: safetensors header, character 6: "), "\(broken)")
    let twice = tensorsReport(file("{\"a\":1,\"a\":1}"))
    #expect(twice.hasPrefix("m.safetensors: error: safetensors header, character 8"), "\(twice)")
    #expect(
      tensorsReport(file("{\"\u{E9}\":1,\"e\u{301}\":1}")).hasSuffix(
        "tensor \"e\u{301}\": stands twice in the header"))
  }

  @Test func noDamageTraps() {
    let bytes = Safetensors.bytes(
      of: [("a", Tensor(shape: [2], [1, 2] as [Float])), ("b", Tensor(shape: [1], [true]))],
      metadata: ["k": "v"])
    damage(bytes, rounds: 2000) { _ = try Safetensors.read($0) }
  }
}
