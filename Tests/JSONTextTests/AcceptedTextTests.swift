import Diagnostics
import Testing

@testable import JSONText

func parse(_ text: String) throws -> JSONDocument { try JSONText.parse(Array(text.utf8)) }

/// A text and the compact text that its value is written as.
private let accepted: [(text: String, compact: String)] = [
  ("null", "null"), (" true ", "true"), ("\n\tfalse\r\n", "false"), ("0", "0"), ("-0", "-0"),
  ("123", "123"), ("-1", "-1"), ("1.5", "1.5"), ("1e5", "1e5"), ("1E+5", "1E+5"), ("1E-5", "1E-5"),
  ("0e1", "0e1"), ("-0.0", "-0.0"), ("1.0e-10", "1.0e-10"), ("1e999", "1e999"), ("1e-999", "1e-999"),
  ("123456789012345678901234567890", "123456789012345678901234567890"),
  ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
  ("\"\"", "\"\""), ("\"abc\"", "\"abc\""), ("\"é日本😀\"", "\"é日本😀\""),
  (#""\u00e9""#, "\"é\""), (#""\ud83d\ude00""#, "\"😀\""), (#""\uD834\uDD1E""#, "\"𝄞\""),
  (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#), (#""\u0000x""#, #""\u0000x""#),
  (#""\u001f""#, #""\u001F""#), ("\"\u{7f}\"", "\"\u{7f}\""), ("\"\u{2028}\"", "\"\u{2028}\""),
  (#""\uffff""#, "\"\u{ffff}\""), ("\"\u{10ffff}\"", "\"\u{10ffff}\""), ("\"/* */ // #\"", "\"/* */ // #\""),
  ("[]", "[]"), ("[ ]", "[]"), ("{}", "{}"), ("{ }", "{}"), ("[[],{}]", "[[],{}]"),
  ("[1,2,3]", "[1,2,3]"), ("[ 1 , 2\n]", "[1,2]"), ("[null,true,\"a\",1]", "[null,true,\"a\",1]"),
  (#"{"a":1}"#, #"{"a":1}"#), (#"{ "b" : [ { } ] , "a" : 0 }"#, #"{"b":[{}],"a":0}"#),
  (#"{"":0}"#, #"{"":0}"#), (#"{"\u0061":0}"#, #"{"a":0}"#),
  (#"{"é":1,"e\u0301":2}"#, "{\"é\":1,\"e\u{301}\":2}"),
  (#"{"a":1,"a\u0000":2,"a\u0000b":3}"#, #"{"a":1,"a\u0000":2,"a\u0000b":3}"#),
  (#"{"a\u0000":[{"\u0000":1,"":2}],"a":{"a":1}}"#, #"{"a\u0000":[{"\u0000":1,"":2}],"a":{"a":1}}"#),
  (#"{"nan":"NaN","a":"[1,]"}"#, #"{"nan":"NaN","a":"[1,]"}"#),
]

@Suite struct AcceptedTextTests {
  @Test(arguments: accepted) func textIsReadAndWritten(text: String, compact: String) throws {
    let document = try parse(text)
    #expect(document.faults.isEmpty)
    #expect(JSONWriter.compactText(document.root).hasSameBytes(as: compact))
  }

  @Test func valuesKnowTheirPlaceAndBytes() throws {
    let text = "{\r\n  \"é\": [1, \"日本\", {\"k\": -2.5e3}],\n  \"last\": true }"
    let document = try parse(text)
    let root = document.root
    #expect(root.place == TextPlace(line: 1, column: 1))
    #expect(root.range == 0..<text.utf8.count)
    let array = try #require(root["é"])
    #expect(array.place == TextPlace(line: 2, column: 8))
    #expect(document.text(of: array) == "[1, \"日本\", {\"k\": -2.5e3}]")
    let elements = try #require(array.elements)
    #expect(elements[2].place == TextPlace(line: 2, column: 18))
    #expect(elements[2].members?.first?.keyPlace == TextPlace(line: 2, column: 19))
    #expect(elements[2]["k"]?.place == TextPlace(line: 2, column: 24))
    #expect(root.members?.last?.keyPlace == TextPlace(line: 3, column: 3))
    #expect(root["last"]?.boolean == true)
    #expect(root["absent"] == nil)
  }

  /// json-c reads long texts in runs; nothing may be lost where one ends.
  @Test(arguments: [1, 100, 1000, 20_000]) func longTextsAreReadWhole(_ count: Int) throws {
    let long = String(repeating: "é\\u0041", count: count)
    let element = #"{"k":[1,"x",null],"long":"\#(count > 1000 ? "" : long)"}"#
    let array = "[" + Array(repeating: element, count: count % 9999).joined(separator: " , ") + "]"
    let members = (0..<count).map { "\"m\($0)\":[\($0),true]" }.joined(separator: ",")
    let text = "{\"s\":\"\(long)\",\"n\":[\(array),\(array)],\"o\":{\(members)},\"a\\u0000\":{},\"a\":[]}"
    let document = try parse(text)
    let written = text.replacing("\\u0041", with: "A").replacing(" , ", with: ",")
    #expect(JSONWriter.compactText(document.root) == written)
    for value in [document.root["n"], document.root["o"]?["m\(count - 1)"]] {
      let value = try #require(value)
      #expect(Array(text.utf8)[value.range].first == UInt8(ascii: "["))
      #expect(Array(text.utf8)[value.range].last == UInt8(ascii: "]"))
    }
  }

  @Test func depthIsLimited() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    func objects(_ depth: Int) -> String {
      String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
    }
    _ = try parse(nested(64))
    _ = try parse(objects(64))
    for text in [nested(65), String(repeating: "[", count: 1_000_000)] {
      let error = try #require(throws: Faults.self) { try parse(text) }
      #expect(
        error.all == [
          Fault(
            .limit, text: TextPlace(line: 1, column: 65),
            "arrays and objects are nested deeper here than the limit of 64")
        ])
    }
    #expect(try JSONText.parse(Array(nested(3).utf8), depthLimit: 3).root.elements?.count == 1)
    let error = try #require(throws: Faults.self) {
      try JSONText.parse(Array(objects(4).utf8), depthLimit: 3)
    }
    #expect(error.all[0].message.contains("limit of 3"))
    let usage = try #require(throws: Faults.self) { try JSONText.parse([], depthLimit: 0) }
    #expect(usage.all[0].kind == .usage)
    let deep = try JSONText.parse(Array(nested(1024).utf8), depthLimit: 1024)
    #expect(JSONWriter.compactText(deep.root) == nested(1024))
  }

  @Test func valuesNameThemselves() throws {
    let values = try #require(try parse(#"[null, true, 1.50, "a\nb", [1,{"k":[]}], {}]"#).root.elements)
    #expect(
      values.map(\.kindName) == ["null", "a boolean", "a number", "a string", "an array", "an object"])
    #expect(values.map(\.excerpt) == ["null", "true", "1.50", #""a\nb""#, #"[1, { "k": [] }]"#, "{}"])
    #expect(values[0].isNull && values[2].double == 1.5 && values[3].string == "a\nb")
    let long = JSONValue.string(String(repeating: "a", count: 100)).excerpt
    #expect(long == "\"" + String(repeating: "a", count: 59) + "...")
    #expect(JSONValue.string("\u{9b}31m").excerpt == "\"\\u{9b}31m\"")
  }
}
