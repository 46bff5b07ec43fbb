import Diagnostics
import Testing

@testable import JSONText

@Suite struct DuplicateKeyTests {
  @Test func everyDuplicateIsNamedAndTheFirstValueKept() throws {
    let document = try parse(
      """
      {
        "x": 1, "y": {"k": 2, "k": {"z": 1, "z": 2}},
        "\\u0078": [{"n": 0, "n": 1}],
        "x": 3, "é": 4, "e\\u0301": 5
      }
      """)
    #expect(
      document.faults.map { "\($0.text?.description ?? "") \($0.message)" } == [
        #"2:25 duplicate key "k"; first at 2:17"#,
        #"2:39 duplicate key "z"; first at 2:31"#,
        #"3:3 duplicate key "x"; first at 2:3"#,
        #"3:23 duplicate key "n"; first at 3:15"#,
        #"4:3 duplicate key "x"; first at 2:3"#,
      ])
    #expect(document.faults.allSatisfy { $0.kind == .input })
    #expect(JSONWriter.compactText(document.root) == "{\"x\":1,\"y\":{\"k\":2},\"é\":4,\"e\u{301}\":5}")
  }

  @Test func keysWithNulAreComparedWhole() throws {
    let document = try parse(
      #"{"a":1,"a\u0000":2,"b":[{"\u0000":1,"\u0000":{"\u0000":3}}],"a\u0000":4,"a":5}"#)
    #expect(
      document.faults.map(\.message) == [
        #"duplicate key "\u0000"; first at 1:26"#, #"duplicate key "a\u0000"; first at 1:8"#,
        #"duplicate key "a"; first at 1:2"#,
      ])
    #expect(JSONWriter.compactText(document.root) == #"{"a":1,"a\u0000":2,"b":[{"\u0000":1}]}"#)
  }

  @Test func objectsOfManyKeysAreSearchedAsWell() throws {
    let keys = (0..<3000).map { "\"k\($0)\":\($0)" }
    let text =
      "{" + (keys + ["\"k7\":[\"dropped\"]", "\"new\":1", "\"k2999\":0"]).joined(separator: ",") + "}"
    let document = try parse(text)
    #expect(document.faults.count == 2)
    #expect(document.faults[0].message == #"duplicate key "k7"; first at 1:\#(2 + 7 * 7)"#)
    #expect(JSONWriter.compactText(document.root) == "{" + keys.joined(separator: ",") + ",\"new\":1}")
  }

  @Test func reportOfVeryManyStaysShort() throws {
    let text = "{" + Array(repeating: "\"a\":[{}]", count: 5001).joined(separator: ",") + "}"
    let document = try parse(text)
    #expect(document.faults.count == 1001)
    #expect(document.faults.last?.message == "and 4000 more duplicate keys")
  }

  @Test func textThatIsNoJSONHasNoOtherFault() throws {
    let error = try #require(throws: Faults.self) { try parse(#"{"a":1,"a":2,}"#) }
    #expect(error.all.count == 1)
    #expect(error.all[0].message.hasSuffix("a trailing comma is not JSON"))
  }
}
