import Diagnostics
import LayerKit
import StandardModule
import StateSpace
import Testing

@testable import PluginHost
@testable import PluginKit

/// A schema that is written as JSON and read by the host is the schema that was written.
@Suite struct SchemaTextTests {
  @Test func `every schema whose kinds cross is read as it was written`() throws {
    var registry = Registry()
    try registry.register(StandardModule())
    try registry.register(StateSpaceModule())
    let outside = ["activation", "loss", "random_normal", "random_uniform", "reshape"]
    var count = 0
    for family in Family.allCases {
      for entry in registry.entries(family) {
        if family == .layer, outside.contains(entry.schema.name) { continue }
        let read = try #require(try crossed(entry.item).first)
        #expect(read.family == family)
        expectSame(entry.schema, read.schema, family)
        if family == .layer || family == .loss {
          #expect(entry.item.examples.map { "\($0.inputs)" } == read.examples.map { "\($0.inputs)" })
          #expect(entry.item.examples.map(\.attributes.plain) == read.examples.map(\.attributes.plain))
        }
        if family == .layer { #expect(read.hasGradient == entry.item.hasGradient) }
        count += 1
      }
    }
    #expect(count > 110)
  }

  private func expectSame(_ written: Schema, _ read: Schema, _ family: Family) {
    #expect(written.name == read.name && written.version == read.version)
    #expect(written.summary == read.summary && written.formula == read.formula)
    #expect(written.attributes.count == read.attributes.count)
    for (a, b) in zip(written.attributes, read.attributes) {
      #expect(a.name == b.name && a.summary == b.summary && a.isOptional == b.isOptional)
      #expect("\(a.kind)" == "\(b.kind)", "\(written.name).\(a.name)")
      #expect(a.isRequired == b.isRequired)
      #expect(plain(a.standard) == plain(b.standard), "\(written.name).\(a.name)")
    }
    guard family == .layer else { return }
    #expect(written.outputs == read.outputs && written.parameters == read.parameters)
    #expect(written.leastInputs == read.leastInputs)
    if written.leastInputs == nil { #expect(written.inputs == read.inputs) }
  }

  /// A number is one number, whether it stands as an integer or not.
  private func plain(_ value: AttributeValue?) -> String {
    switch value {
    case .integer(let number): "\(Double(number))"
    case .number(let number): "\(number)"
    case .named(let name, let values):
      "\(name) \(values.sorted { $0.key < $1.key }.map { "\($0.key) \(plain($0.value))" })"
    default: "\(String(describing: value))"
    }
  }
}

extension String {
  /// Without white space and outer braces.
  fileprivate var plain: String {
    let text = filter { !$0.isWhitespace }
    return text.hasPrefix("{") ? String(text.dropFirst().dropLast()) : text
  }
}
