import GraphFile
import Testing

/// A graph that breaks a rule, and the whole report of it.
struct BadGraph: Sendable, CustomTestStringConvertible {
  var rule: String
  var text: String
  /// A line a fault; faults of another kind than `.input` begin with it in brackets.
  var report: [String]

  /// A sound graph with other lines in the place of some of its own.
  init(_ rule: String, lines: [Int: String], report: [String]) {
    self.init(rule, text: Self.graph(lines), report: report)
  }

  init(_ rule: String, text: String, report: [String]) {
    self.rule = rule
    self.text = text
    self.report = report
  }

  var testDescription: String { rule }

  func check() {
    let (_, faults) = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    #expect(faults.map { ($0.kind == .input ? "" : "[\($0.kind)] ") + $0.description } == report)
  }

  /// The sound graph, with the lines that are given.
  static func graph(_ changed: [Int: String] = [:]) -> String {
    var lines = [
      #"{"#,
      #"  "format": "nngraph/1","#,
      #"  "name": "g","#,
      #"  "inputs": { "x": { "shape": ["batch", 4] } },"#,
      #"  "nodes": ["#,
      #"    { "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }"#,
      #"  ],"#,
      #"  "outputs": ["h"]"#,
      #"}"#,
    ]
    for (number, line) in changed { lines[number - 1] = line }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The document of a text that is sound.
func sound(_ text: String, overrides: [GraphOverride] = []) throws -> GraphDocument {
  let (document, faults) = GraphDocument.read(
    Array(text.utf8), file: "g.json", folder: ".", overrides: overrides)
  #expect(faults.map(\.description) == [])
  return try #require(document)
}

@Suite struct BadGraphTests {
  @Test func anotherReportFails() {
    withKnownIssue { BadGraph("sound", lines: [:], report: ["g.json:1:1: error: nothing"]).check() }
    withKnownIssue { BadGraph("broken", text: "{}", report: []).check() }
  }
}
