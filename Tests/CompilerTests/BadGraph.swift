import Compiler
import GraphFile
import LayerKit
import StandardModule
import StateSpace
import Testing

/// A graph that breaks a rule, and the whole report of it.
struct BadGraph: Sendable, CustomTestStringConvertible {
  var rule: String
  var text: String
  /// A line a fault; faults of another kind than `.input` begin with it in brackets.
  var report: [String]

  init(_ rule: String, _ text: String, _ report: String...) {
    self.rule = rule
    self.text = text
    self.report = report
  }

  var testDescription: String { rule }

  /// What the compiler says of the graph.
  func found() throws -> [String] {
    let reading = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    let (network, faults) = Network.resolve(reading, registry: try Registry.everything())
    #expect((network == nil) == !faults.isEmpty, "a network is made where there is no fault, and only there")
    return faults.map { ($0.kind == .input ? "" : "[\($0.kind)] ") + $0.description }
  }

  func check() throws { #expect(try found() == report) }
}

extension Registry {
  /// The core, and a plugin that a graph has to list.
  static func everything() throws -> Registry {
    var registry = Registry()
    try registry.register(StandardModule())
    try registry.register(StateSpaceModule())
    return registry
  }
}

@Suite struct BadGraphTests {
  @Test func anotherReportFails() {
    withKnownIssue { try BadGraph("broken", "{}").check() }
    withKnownIssue { try BadGraph("broken", "{}", "g.json:1:1: error: nothing").check() }
  }
}
