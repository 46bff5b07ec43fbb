import Diagnostics
import LayerKit
import Testing

@testable import PluginHost

@Suite struct SchemaReaderTests {
  private let origin = PluginOrigin(identity: MadeTable.identity, log: { _ in })

  /// The whole report, without the file and the component that every line begins with.
  private func faults(_ family: Family = .layer, _ text: String) -> [String] {
    var reader = SchemaReader(family, entry: 0, origin)
    #expect(reader.read(text) == nil)
    #expect(reader.faults.allSatisfy { $0.kind == .plugin && $0.file == "libmade.so" })
    return reader.faults.map { fault in
      "\(fault)".replacing("libmade.so: error: ", with: "").replacing("\(reader.title), ", with: "")
    }
  }

  private func read(_ family: Family, _ text: String) throws -> ReadSchema {
    var reader = SchemaReader(family, entry: 0, origin)
    let found = reader.read(text)
    #expect(reader.faults.isEmpty, "\(reader.faults)")
    return try #require(found)
  }

  @Test func aWholeSchemaIsRead() throws {
    let read = try read(
      .layer,
      #"""
      {"name": "gated", "version": 2, "summary": "Gates.", "formula": "y = x",
       "attributes": [
        {"name": "a", "kind": "integer", "minimum": 1, "maximum": 9, "summary": "s"},
        {"name": "b", "kind": "number", "above": 0, "below": 1, "default": 0.5, "summary": "s"},
        {"name": "c", "kind": "number", "minimum": 0, "optional": true, "summary": "s"}],
       "inputs": ["x", {"name": "mask", "optional": true, "summary": "Which."}], "outputs": ["y", "state"],
       "parameters": ["weight [units, in]"],
       "examples": [{"attributes": {"a": 2}, "inputs": [{"shape": [2], "from": 0, "to": 1, "kinks": [0.5]},
         null]},
        {"inputs": [{"shape": [3], "values": "integers", "below": 4}, {"shape": [], "values": "signs"}]}]}
      """#)
    let schema = read.schema
    #expect(schema.name == "gated" && schema.version == 2 && schema.formula == "y = x")
    #expect(schema.inputs == [Port("x"), Port("mask", optional: true, "Which.")])
    #expect(schema.outputs == ["y", "state"] && schema.parameters == ["weight [units, in]"])
    #expect(schema.attributes.map(\.isRequired) == [true, false, false])
    guard case .number(let range) = schema.attributes[1].kind else { throw LayerFault("no number") }
    #expect(range.description == "a number in (0, 1)")
    #expect(read.examples.count == 2 && read.examples[0].inputs[1] == nil)
    #expect(read.examples[1].inputs[1]?.shape == [])
  }

  @Test func whatIsLeftOutHasItsDefault() throws {
    let layer = try read(.layer, #"{"name": "a", "summary": "s"}"#).schema
    #expect(layer.inputs == [Port("x")] && layer.outputs == ["y"] && layer.version == 1)
    let many = try read(.layer, #"{"name": "a", "summary": "s", "least_inputs": 2, "outputs": null}"#).schema
    #expect(many.leastInputs == 2 && many.outputs == nil)
    let activation = try read(.activation, #"{"name": "a", "summary": "s", "kinks": [-1, 1]}"#)
    #expect(activation.kinks == [-1, 1] && activation.schema.inputs.isEmpty)
  }

  @Test func everythingWrongIsReportedAtOnce() {
    let found = faults(
      .layer,
      #"""
      {"name": "gated", "version": 0, "summary": "", "formulae": "y", "inputs": ["x", "X", "x"],
       "outputs": [],
       "least_inputs": 0, "parameters": [1],
       "attributes": [
        {"name": "units", "kind": "integr", "summary": "s"},
        {"name": "units", "kind": "integer", "minimum": "one", "summary": "s"},
        {"name": "share", "kind": "integer", "minimum": 4, "maximum": 3, "summary": ""},
        {"name": "op", "kind": "boolean", "default": 1, "summary": "s"},
        {"name": "rate", "kind": "number", "minimum": 0, "above": 0, "summary": "s"},
        {"name": "empty", "kind": "number", "above": 1, "maximum": 1, "summary": "s"},
        {"name": "mode", "kind": "word", "words": ["a", "a"], "default": "b", "summary": "s"},
        {"kind": "text", "width": 3, "summary": "s"}, 7],
       "examples": [{"attributes": {"unit": 1}, "inputs": [{"shape": [0], "from": 2, "to": 1}, 3]}, {},
        {"inputs": [{"shape": [2], "values": "integer"}, {"shape": [2], "values": "integers"}]}]}
      """#)
    let kinds =
      "integer, number, boolean, word, text, integers, integers_or_integer, word_or_integers, numbers, "
      + "element_type, activation, initializer"
    #expect(
      found == [
        "formulae: unknown key; accepted: name, version, summary, formula, attributes, inputs, least_inputs, "
          + "outputs, parameters, examples; did you mean \"formula\"?",
        "summary: expected a text that is not empty, found \"\"",
        "version: expected an integer of at least 1, found 0",
        "attributes[0], kind: unknown kind \"integr\"; accepted: \(kinds); did you mean \"integer\"?",
        "attributes[1], minimum: expected an integer, found \"one\"",
        "attributes[2], summary: expected a text that is not empty, found \"\"",
        "attributes[2], maximum: 3 is below the minimum, 4",
        "attributes[3], name: \"op\" is a key of every node and no attribute",
        "attributes[3], default: expected true or false, found 1",
        "attributes[4], above: stands beside `minimum`; a bound is one of them",
        "attributes[5]: no number lies between the bounds 1 and 1",
        "attributes[6], words: \"a\" stands there twice",
        "attributes[6], default: expected \"a\" or \"a\", found \"b\"",
        "attributes[7], width: unknown key; accepted: name, kind, summary, default, optional",
        "attributes[7], name: missing", "attributes[8]: expected an object, found 7",
        "inputs[1]: expected a name of the form [a-z][a-z0-9_]*, found \"X\"",
        "inputs: \"x\" stands there twice", "least_inputs: expected an integer from 1 to 64, found 0",
        "outputs: needs one name or more, or null where the outputs are numbered",
        "parameters[0]: expected a text that is not empty, found 1",
        "examples[0], attributes, unit: unknown key; accepted: units, share, op, rate, empty, mode; did you "
          + "mean "
          + "\"units\"?",
        "examples[0], inputs[0], shape[0]: expected an integer from 1 to 65536, found 0",
        "examples[0], inputs[0], to: 1 is below `from`, 2",
        "examples[0], inputs[1]: expected an object or null, found 3", "examples[1], inputs: missing",
        "examples[2], inputs[0], values: unknown values \"integer\"; accepted: integers, distribution, "
          + "log_distribution, signs, booleans; did you mean \"integers\"?",
        "examples[2], inputs[1], below: missing",
      ])
  }

  @Test func whatIsNoObjectOrNoJSONIsOneFault() {
    #expect(faults(.loss, "[]") == ["loss 0: expected an object, found []"])
    #expect(
      faults(.layer, #"{"name": "gated", "summary": "Gates." "inputs": []}"#) == [
        "operator 0: the schema is not JSON: line 1, column 39, after `... \"gated\", \"summary\": "
          + "\"Gates.\" `: "
          + "expected \",\" or \"}\", found a double quote"
      ])
    #expect(
      faults(.layer, "{\n\"name\": \"a\"\n\"b\"}") == [
        "operator 0: the schema is not JSON: line 3, column 1: expected \",\" or \"}\", found a double quote"
      ])
    let text = "no schema " + String(repeating: "a", count: 250)
    #expect(
      faults(.layer, text) == [
        "operator 0: the schema is not JSON: line 1, column 2: expected a value, found \"no\"; it begins "
          + "with "
          + "`\(text.prefix(200))...`"
      ])
    #expect(
      faults(.layer, #"{"name": "a", "summary": "s", "examples": [{"attributes": {"b": 1}, "inputs": []}]}"#)
        == ["examples[0], attributes, b: unknown key; accepted: none"])
    #expect(
      faults(.metric, #"{"name": "m", "summary": "s", "name": "n"}"#).count == 1)
    #expect(
      faults(.metric, #"{"name": "m", "summary": "s", "inputs": []}"#)
        == ["inputs: unknown key; accepted: name, version, summary, formula, attributes"])
  }
}
