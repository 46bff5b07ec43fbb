import Diagnostics
import GraphFile
import JSONText
import Testing

@Suite struct CanonicalFormTests {
  /// The order of the schema, as a registry would give it.
  static func order(_ name: String) -> [String]? {
    ["dense": ["units", "bias", "activation"], "scan": ["body", "carry", "reverse"]][name]
  }

  static let jumbled = """
    {"x-tool":{"b":1.0,
      "a":[ ]}, "metadata": { "z": 1.50,
                  "a": 2 }, "plugins": ["recurrent", {"version":">=1.2","name":"acme"}],
     "outputs": ["second"], "training": {"epochs": 1e1, "x-t": 1,
       "optimizer": {"beta2": 0.99, "learning_rate": 0.00001, "kind": "adam"},
       "loss": [{"weight": 1.0, "value": "loss"}],
       "regularization": [{"parameters": ["*.weight"], "kind": "l2", "strength": 1e-4}],
       "data": {"test": 0.0, "inputs": {"pixels": {"scale": 0.0625, "columns": "pixel_*"}}, "file": "a.csv"}},
     "blocks": {"residual": {"outputs": ["sum"], "arguments": {"width": 64, "kind": null},
        "nodes": [{"op": "add", "inputs": ["x", "inner"], "name": "sum"},
                  {"units": "$width", "name": "inner", "op": "dense", "inputs": ["x"]}], "inputs": ["x"]}},
     "nodes": [
       {"name": "second", "op": "residual", "recompute": true, "repeat": 2, "kind": "b", "width": 8, "inputs": ["first"]},
       {"description": "d", "trainable": false, "share": "other", "activation": {"alpha": 1.0, "function": "elu"},
        "x-n": [1,  2], "units": 16.0, "op": "dense", "inputs": ["pixels"], "name": "first", "unknown": true},
       {"carry": 1, "width": 4, "body": "residual", "name": "loop", "op": "scan", "inputs": [null, "second"]},
       {"name": "other", "op": "dense", "inputs": ["pixels"], "units": 16}
     ],
     "inputs": {"pixels": {"type": "float32", "shape": ["batch", 16]}}, "name": "g", "format": "nngraph/1"}
    """

  static let canonical = """
    {
      "format": "nngraph/1",
      "name": "g",
      "inputs": {
        "pixels": {
          "shape": ["batch", 16],
          "type": "float32"
        }
      },
      "nodes": [
        {
          "name": "first",
          "op": "dense",
          "inputs": ["pixels"],
          "units": 16,
          "activation": {
            "function": "elu",
            "alpha": 1
          },
          "unknown": true,
          "share": "other",
          "trainable": false,
          "description": "d",
          "x-n": [1,  2]
        },
        {
          "name": "second",
          "op": "residual",
          "inputs": ["first"],
          "width": 8,
          "kind": "b",
          "repeat": 2,
          "recompute": true
        },
        {
          "name": "loop",
          "op": "scan",
          "inputs": [null, "second"],
          "body": "residual",
          "carry": 1,
          "width": 4
        },
        { "name": "other", "op": "dense", "inputs": ["pixels"], "units": 16 }
      ],
      "outputs": ["second"],
      "blocks": {
        "residual": {
          "inputs": ["x"],
          "arguments": {
            "width": 64,
            "kind": null
          },
          "nodes": [
            { "name": "inner", "op": "dense", "inputs": ["x"], "units": "$width" },
            { "name": "sum", "op": "add", "inputs": ["x", "inner"] }
          ],
          "outputs": ["sum"]
        }
      },
      "training": {
        "loss": [{ "value": "loss", "weight": 1 }],
        "optimizer": {
          "kind": "adam",
          "learning_rate": 1e-5,
          "beta2": 0.99
        },
        "regularization": [{ "kind": "l2", "strength": 0.0001, "parameters": ["*.weight"] }],
        "epochs": 10,
        "data": {
          "file": "a.csv",
          "inputs": {
            "pixels": {
              "columns": "pixel_*",
              "scale": 0.0625
            }
          },
          "test": 0
        },
        "x-t": 1
      },
      "plugins": ["recurrent", { "name": "acme", "version": ">=1.2" }],
      "metadata": { "z": 1.50,
                  "a": 2 },
      "x-tool": {"b":1.0,
      "a":[ ]}
    }

    """

  @Test func everyKeyInItsOrder() throws {
    let text = CanonicalForm.write(try sound(Self.jumbled), attributeOrder: Self.order)
    #expect(text == Self.canonical)
  }

  @Test func writtenAgainItIsTheSame() throws {
    for text in [Self.jumbled, GraphDocumentTests.full, BadGraph.graph()] {
      let once = CanonicalForm.write(try sound(text), attributeOrder: Self.order)
      let twice = CanonicalForm.write(try sound(once), attributeOrder: Self.order)
      #expect(once == twice)
    }
  }

  @Test func nodesStandBehindWhatTheyRead() throws {
    #expect(try order(of: ["d:c", "c:a,b", "b:x", "a:x"]) == "b a c d")
    #expect(try order(of: ["a:x", "b:x", "c:a"]) == "a b c")
    #expect(try order(of: ["z:y.1", "a:x", "y:x"]) == "a y z")
    // A cycle, and what stands behind it, keeps the order of the file.
    #expect(try order(of: ["c:b", "b:a", "a:b", "d:x", "e:nothing"]) == "d e c b a")
    #expect(try order(of: ["a:a", "b:x"]) == "b a")
  }

  @Test func manyNodesInTheWrongOrder() throws {
    let count = 100_000
    let nodes = (1...count).reversed().map {
      #"{"name":"n\#($0)","op":"relu","inputs":["\#($0 == 1 ? "x" : "n\($0 - 1)")"]}"#
    }
    let text = BadGraph.graph([6: nodes.joined(separator: ",\n"), 8: #""outputs": []"#])
    let written = CanonicalForm.write(try sound(text))
    let first = written.split(separator: "\n").first { $0.contains("\"op\"") }
    #expect(first == #"    { "name": "n1", "op": "relu", "inputs": ["x"] },"#)
  }

  @Test func theHashIsOfTheNetwork() throws {
    let graph = BadGraph.graph()
    let hash = try hash(graph)
    #expect(hash.count == 64)
    let same = [
      BadGraph.graph([3: #"  "description": "d", "name": "g","#]),
      BadGraph.graph([4: #"  "inputs": { "x": { "description": "d", "shape": ["batch", 4.0], "x-a": 1 } },"#]
      ),
      BadGraph.graph([
        6: #"{ "op": "dense", "x-b": 2, "units": 3, "inputs": ["x"], "description": "", "name": "h" }"#
      ]),
      BadGraph.graph([8: #"  "outputs": ["h"], "metadata": { "units": 3 }, "x-c": {}"#]),
    ]
    for text in same { #expect(try self.hash(text) == hash, "\(text)") }
    let others = [
      BadGraph.graph([3: #"  "name": "k","#]),
      BadGraph.graph([6: #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 4 }"#]),
      BadGraph.graph([8: #"  "outputs": ["h"], "training": { "description": "d" }"#]),
    ]
    for text in others { #expect(try self.hash(text) != hash, "\(text)") }
  }

  private func hash(_ text: String) throws -> String {
    CanonicalForm.hash(try sound(text), attributeOrder: Self.order)
  }

  /// The canonical order of nodes that are written as `name:reference,...`.
  private func order(of nodes: [String]) throws -> String {
    let texts = nodes.map { node in
      let parts = node.split(separator: ":")
      let references = parts[1].split(separator: ",").map { "\"\($0)\"" }.joined(separator: ", ")
      return #"{ "name": "\#(parts[0])", "op": "sum", "inputs": [\#(references)] }"#
    }
    let text = BadGraph.graph([6: texts.joined(separator: ",\n"), 8: #"  "outputs": []"#])
    let written = try sound(CanonicalForm.write(try sound(text)))
    return written.nodes.map(\.name.value).joined(separator: " ")
  }
}
