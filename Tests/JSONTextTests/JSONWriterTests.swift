import Testing

@testable import JSONText

@Suite struct JSONWriterTests {
  /// Writes the canonical form and checks that it is its own canonical form.
  private func canonical(_ text: String) throws -> String {
    let once = JSONWriter.canonicalText(try parse(text).root)
    #expect(JSONWriter.canonicalText(try parse(once).root) == once)
    return once
  }

  @Test func membersStandOneALineAndShortArraysOnOne() throws {
    #expect(
      try canonical(
        """
        {"format":"nngraph/1","inputs":{"x":{"shape":["batch",2.0]}},"empty":{},"none":[],
        "nodes":[{"name":"hidden","op":"dense","inputs":["x"],"units":16,"activation":{"function":"elu"}},
        {"name":"out","op":"softmax","inputs":["hidden"],"axis":-1.0}],"outputs":[ "out" ],"rate":1E-5}
        """)
          == """
          {
            "format": "nngraph/1",
            "inputs": {
              "x": {
                "shape": ["batch", 2]
              }
            },
            "empty": {},
            "none": [],
            "nodes": [
              {
                "name": "hidden",
                "op": "dense",
                "inputs": ["x"],
                "units": 16,
                "activation": {
                  "function": "elu"
                }
              },
              { "name": "out", "op": "softmax", "inputs": ["hidden"], "axis": -1 }
            ],
            "outputs": ["out"],
            "rate": 1e-5
          }

          """)
  }

  @Test func aLineHoldsAHundredColumnsAndNoMore() throws {
    let text = { (count: Int) in "{\"é\":[\"" + String(repeating: "ü", count: count) + "\",1],\"b\":0}" }
    // Indent 2, key and colon 5, brackets and quotes 4, `, 1` 3, comma 1.
    let fits = try canonical(text(85)).split(separator: "\n")
    #expect(fits[1].unicodeScalars.count == 100 && fits[1].hasSuffix(", 1],"))
    let broken = try canonical(text(86)).split(separator: "\n")
    #expect(broken[1] == "  \"é\": [")
    #expect(broken[3] == "    1" && broken[4] == "  ],")
    #expect(try canonical("[[1,2],[3,4]]") == "[[1, 2], [3, 4]]\n")
  }

  @Test func longRowsOfNumbersStandOneALine() throws {
    let row = "[" + Array(repeating: "0.125", count: 13).joined(separator: ", ") + "]"
    #expect(
      try canonical("{\"w\":[\(row),\(row)]}")
        == "{\n  \"w\": [\n    \(row),\n    \(row)\n  ]\n}\n")
  }

  @Test func emptyContainersStayWholeBeyondTheLastColumn() throws {
    let deep = String(repeating: "{\"a\":", count: 60) + "[[],{}]" + String(repeating: "}", count: 60)
    #expect(try canonical(deep).contains("[\n" + String(repeating: " ", count: 122) + "[],\n"))
  }

  @Test func stringsAreEscapedNoMoreThanTheyMustBe() throws {
    #expect(
      try canonical(#"["\u0022\\\u002f\u0008\u0009\u000a\u000c\u000d\u0001\u007f\u00e9\u2028"]"#)
        == "[\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\u{7f}é\u{2028}\"]\n")
  }

  @Test func rawValuesKeepTheirText() throws {
    let text = "{\"a\": 1.0, \"metadata\": { \"k\":\n   [1.00, \"a \\u0062\\\" \\\\\" ] }, \"x-n\": [ 1e1 ]}"
    let document = try parse(text)
    let root = try #require(document.root.members)
    let kept = JSONValue.object(
      root.map { ($0.key, $0.key == "a" ? $0.value : document.verbatim($0.value)) })
    let once = JSONWriter.canonicalText(kept)
    #expect(
      once
        == "{\n  \"a\": 1,\n  \"metadata\": { \"k\":\n   [1.00, \"a \\u0062\\\" \\\\\" ] },\n  \"x-n\": [ 1e1 ]\n}\n"
    )
    let again = try parse(once)
    #expect(again.text(of: try #require(again.root["metadata"])) == document.text(of: root[1].value))
    #expect(
      JSONWriter.compactText(kept)
        == "{\"a\":1.0,\"metadata\":{\"k\":[1.00,\"a \\u0062\\\" \\\\\"]},\"x-n\":[1e1]}")
    #expect(document.text(of: .object([("made", .boolean(true))])) == "{\"made\":true}")
    #expect(document.verbatim(root[1].value).place == root[1].value.place)
  }

  @Test func valuesOfTheProgramAreWritten() {
    let value = JSONValue.object([
      ("name", .string("x")), ("list", .array([.null, .boolean(false), .integer(-7), .double(0.5)])),
      ("raw", .raw("[ 1 ]")),
    ])
    #expect(JSONWriter.compactText(value) == #"{"name":"x","list":[null,false,-7,0.5],"raw":[1]}"#)
    #expect(value.place.description == "0:0" && value.range.isEmpty)
  }
}
