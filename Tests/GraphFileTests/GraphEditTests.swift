import Diagnostics
import GraphFile
import JSONText
import Testing

@Suite struct GraphOverrideTests {
  private func tree(_ overrides: [(String, String)]) throws -> JSONValue {
    try sound(BadGraph.graph(), overrides: overrides.map { GraphOverride(path: $0, value: $1) }).root
  }

  @Test func setsAndCreatesKeys() throws {
    let root = try tree([
      ("training.optimizer.learning_rate", "0.01"), ("training.optimizer.kind", "adam"),
      ("training.shuffle", "false"), ("name", "other"), ("nodes.h.units", "16"), ("nodes.0.bias", "true"),
      ("inputs.x.shape", #"["batch", 8]"#),
    ])
    #expect(root["training"]?["optimizer"]?["learning_rate"]?.double == 0.01)
    #expect(root["training"]?["optimizer"]?["kind"]?.string == "adam")
    #expect(root["training"]?["shuffle"]?.boolean == false)
    #expect(root["name"]?.string == "other")
    #expect(root["nodes"]?.elements?[0]["units"]?.integer == 16)
    #expect(root["nodes"]?.elements?[0]["bias"]?.boolean == true)
    #expect(root["inputs"]?["x"]?["shape"]?.excerpt == #"["batch", 8]"#)
    #expect(root["outputs"]?.elements?.count == 1)
  }

  @Test(arguments: [
    ("nodes.hh.units", "1", #"error: nodes.hh.units: "nodes" has no element "hh"; did you mean "h"?"#),
    ("name.first", "1", #"error: name.first: "name" is "g"; a key can be set in an object alone"#),
    ("a..b", "1", #"error: a..b: expected keys between points such as training.epochs, found "a..b""#),
    ("training.a", #"{ "a": 1, "a": 2 }"#, #"error: training.a: duplicate key "a"; first at 1:3"#),
  ])
  func reportsWhatCannotBeSet(_ path: String, _ value: String, _ report: String) {
    let override = GraphOverride(path: path, value: value)
    let (_, faults) = GraphDocument.read(
      Array(BadGraph.graph().utf8), file: "g.json", folder: ".", overrides: [override])
    #expect(faults.map(\.description) == [report])
    #expect(faults.map(\.kind) == [.usage])
  }

  @Test func aPathOfManyKeysIsOverALimit() {
    let path = [String](repeating: "a", count: 65).joined(separator: ".")
    let (_, faults) = GraphDocument.read(
      Array(BadGraph.graph().utf8), file: "g.json", folder: ".",
      overrides: [GraphOverride(path: path, value: "1")])
    #expect(faults.map(\.kind) == [.limit])
  }

  @Test func whatIsSetIsCheckedAsTheFileIs() {
    let (_, faults) = GraphDocument.read(
      Array(BadGraph.graph().utf8), file: "g.json", folder: ".",
      overrides: [GraphOverride(path: "inputs.x.type", value: "float46")])
    let accepted = "float32, float64, int32, bool"
    #expect(
      faults.map(\.description) == [
        #"g.json: error: inputs.x, type: expected one of \#(accepted), found "float46"; did you mean "float64"?"#
      ])
  }
}

@Suite struct GraphEditTests {
  @Test func changedKeysAreWrittenWithAllElse() throws {
    let text = BadGraph.graph([
      3: #"  "name": "g", "x-a": { "b": 1.50 },"#,
      8:
        #"  "outputs": ["h"], "metadata": { "k":  1.0 }, "training": { "loss": "h", "data": { "file": "a.csv" } }"#,
    ])
    let document = try sound(text).replacing([
      GraphEdit(["parameters"], .object([("file", .string("g.safetensors"))])),
      GraphEdit(["training", "data", "classes"], .array([.string("a"), .string("b")])),
      GraphEdit(["metadata", "trained"], .double(0.5)),
      GraphEdit(["training", "loss"], nil),
    ])
    guard case .file(let name, nil)? = document.parameters?.value else {
      Issue.record("no parameter file")
      return
    }
    #expect(name.value == "g.safetensors")
    let written = CanonicalForm.write(document)
    #expect(
      written == """
        {
          "format": "nngraph/1",
          "name": "g",
          "inputs": {
            "x": {
              "shape": ["batch", 4]
            }
          },
          "nodes": [{ "name": "h", "op": "dense", "inputs": ["x"], "units": 3 }],
          "outputs": ["h"],
          "parameters": {
            "file": "g.safetensors"
          },
          "training": {
            "data": {
              "file": "a.csv",
              "classes": ["a", "b"]
            }
          },
          "metadata": {
            "k": 1.0,
            "trained": 0.5
          },
          "x-a": { "b": 1.50 }
        }

        """)
    #expect(CanonicalForm.write(try sound(written)) == written)
  }

  @Test func aValueOfAnotherFileIsWrittenAsItIs() throws {
    let other = try JSONText.parse(Array(#"{ "metadata": { "from": "another file", "n": [1, 2.50] } }"#.utf8))
    let document = try sound(BadGraph.graph()).replacing("metadata", with: other.root["metadata"])
    let written = try sound(CanonicalForm.write(document))
    #expect(written.metadata?.excerpt == #"{ "from": "another file", "n": [1, 2.5] }"#)
  }

  @Test func aFaultyChangeIsRefused() throws {
    let document = try sound(BadGraph.graph())
    #expect {
      _ = try document.replacing("parameters", with: .integer(1))
    } throws: { error in
      (error as? Faults)?.description
        == "g.json: error: parameters: expected an object with the keys file, sha256, values, found 1"
    }
  }

  @Test func removedKeysAreGone() throws {
    let document = try sound(BadGraph.graph([8: #"  "outputs": ["h"], "metadata": {}"#]))
    #expect(try document.replacing("metadata", with: nil).metadata == nil)
    #expect(try document.replacing("training", with: nil).training == nil)
  }
}
