import Diagnostics
import Foundation
import GraphFile
import Testing

@Suite struct GraphDocumentTests {
  static let full = """
    {
      "format": "nngraph/1",
      "name": "digits-mlp.v2",
      "description": "all that a file can say",
      "inputs": {
        "pixels": { "shape": ["batch", 16.0], "type": "float64", "description": "a row" },
        "label": { "shape": ["batch"], "type": "int32" },
        "scalar": { "shape": [], "x-unit": "m" },
        "x-inputs": 3
      },
      "nodes": [
        { "name": "hidden", "op": "dense@2", "inputs": ["pixels"], "units": 8, "x-note": { "a": [1] },
          "activation": { "function": "elu", "alpha": 0.5 }, "trainable": false, "description": "first" },
        { "name": "tied", "op": "dense", "inputs": { "x": "hidden" }, "share": "hidden", "units": 8 },
        { "name": "loop", "op": "scan", "inputs": [null, "body.1"], "body": "residual", "width": 4 },
        { "name": "body", "op": "residual", "inputs": ["tied"], "width": 8, "repeat": 3 },
        { "name": "noise", "op": "random_normal", "shape": [2] }
      ],
      "outputs": { "first": "hidden", "second value": "body.0" },
      "blocks": {
        "residual": {
          "inputs": ["x", "y"], "arguments": { "width": 64, "frozen": null, "kind": { "kind": "a" } },
          "nodes": [ { "name": "inner", "op": "dense", "inputs": ["x"], "units": "$width", "trainable": "$frozen" } ],
          "outputs": ["inner", "y"], "x-author": "somebody"
        }
      },
      "parameters": {
        "file": "digits.safetensors",
        "sha256": "\(String(repeating: "0123456789ABCDEF", count: 4))"
      },
      "training": { "loss": "hidden", "anything": 1 },
      "plugins": ["recurrent", { "name": "acme", "version": ">=1.2" }],
      "metadata": { "any": [1, "thing"] },
      "x-tool": null
    }
    """

  @Test func header() throws {
    let document = try sound(Self.full)
    #expect(document.file == "g.json")
    #expect(document.format.value == "nngraph/1")
    #expect(document.name.value == "digits-mlp.v2")
    #expect(document.name.place == TextPlace(line: 3, column: 11))
    #expect(document.description?.value == "all that a file can say")
    #expect(document.training?["anything"]?.integer == 1)
    #expect(document.metadata?["any"]?.elements?.count == 2)
    #expect(document.plugins.map(\.value.name) == ["recurrent", "acme"])
    #expect(document.plugins[0].value.version == nil)
    #expect(document.plugins[1].value.version?.description == ">=1.2")
    guard case .file(let name, let sha256)? = document.parameters?.value else {
      Issue.record("no parameter file")
      return
    }
    #expect(name.value == "digits.safetensors")
    #expect(sha256?.value == String(repeating: "0123456789abcdef", count: 4))
  }

  @Test func inputsAndOutputs() throws {
    let document = try sound(Self.full)
    #expect(document.inputs.map(\.name.value) == ["pixels", "label", "scalar"])
    #expect(document.inputs.map(\.path) == ["inputs.pixels", "inputs.label", "inputs.scalar"])
    #expect(document.inputs[0].shape?.value.map(\.value) == [.symbol("batch"), .size(16)])
    #expect(document.inputs[0].shape?.value[1].place == TextPlace(line: 6, column: 36))
    #expect(document.inputs.map(\.type) == [.float64, .int32, .float32])
    #expect(document.inputs[2].shape?.value.isEmpty == true)
    #expect(document.outputs.map(\.publicName) == ["first", "second value"])
    #expect(document.outputs[1].reference.value == ValueReference(name: "body", port: "0"))
    #expect(document.outputs[1].path == "outputs.second value")
  }

  @Test func nodes() throws {
    let nodes = try sound(Self.full).nodes
    #expect(nodes.map(\.name.value) == ["hidden", "tied", "loop", "body", "noise"])
    #expect(nodes[0].path == "nodes[0] \"hidden\"")
    #expect(nodes[0].op?.value.name == "dense")
    #expect(nodes.compactMap(\.op?.value.version) == [2, 1, 1, 1, 1])
    #expect(nodes[0].attributes.map(\.key) == ["units", "activation"])
    #expect(nodes[0].trainable?.value == .value(false))
    #expect(nodes[0].description?.value == "first")
    #expect(nodes[1].share?.value == "hidden")
    #expect(nodes[3].attributes.map(\.key) == ["width", "repeat"])
    #expect(nodes[3]["repeat"]?.integer == 3)
    guard case .named(let named) = nodes[1].inputs, case .list(let list) = nodes[2].inputs,
      case .absent = nodes[4].inputs
    else {
      Issue.record("the inputs are of other kinds")
      return
    }
    #expect(named.map(\.port.value) == ["x"])
    #expect(named[0].reference.value == .value(ValueReference(name: "hidden")))
    #expect(list.map(\.value) == [.absent, .value(ValueReference(name: "body", port: "1"))])
  }

  @Test func blocks() throws {
    let block = try #require(try sound(Self.full).blocks.first)
    #expect(block.name.value == "residual")
    #expect(block.inputs.map(\.value) == ["x", "y"])
    #expect(block.arguments.map(\.name.value) == ["width", "frozen", "kind"])
    #expect(block.arguments[0].standard?.integer == 64)
    #expect(block.arguments[1].standard == nil)
    #expect(block.nodes[0].path == "blocks.residual.nodes[0] \"inner\"")
    #expect(block.nodes[0].trainable?.value == .argument("frozen"))
    #expect(block.outputs.map(\.value.description) == ["inner", "y"])
  }

  @Test func valuesInTheGraph() throws {
    let document = try sound(
      BadGraph.graph([8: #"  "outputs": [], "parameters": { "values": { "h.weight": [[1]], "x-a": 1 } }"#]))
    guard case .values(let members)? = document.parameters?.value else {
      Issue.record("no values")
      return
    }
    #expect(members.map(\.key) == ["h.weight"])
  }

  @Test func whatCouldBeReadIsThereBesideFaults() throws {
    let text = BadGraph.graph([
      6: #"    { "name": "my node", "op": "dense", "inputs": ["x", 3] }, { "op": "relu", "inputs": 1 }"#
    ])
    let (read, faults) = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    let document = try #require(read)
    #expect(faults.count == 4)
    #expect(document.isMissingNames)
    #expect(document.nodes.map(\.name.value) == ["my node", ""])
    guard case .list(let list) = document.nodes[0].inputs, case .unreadable = document.nodes[1].inputs else {
      Issue.record("the inputs are of other kinds")
      return
    }
    #expect(list.map(\.value) == [.value(ValueReference(name: "x")), .unreadable])
  }

  @Test func hostileFilesGiveAShortReport() {
    let text = BadGraph.graph([6: [String](repeating: "1", count: 50_000).joined(separator: ",")])
    let (_, faults) = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    #expect(faults.count == 1001)
    #expect(faults.last?.description == "g.json: error: and 49000 more faults")
  }

  @Test func limitsCanBeChanged() {
    var limits = GraphLimits()
    limits.dimension = 3
    limits.rank = 1
    limits.depth = 4
    func report(_ text: String) -> [String] {
      GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".", limits: limits).faults.map(\.message)
    }
    #expect(
      report(BadGraph.graph())
        == [#"found 2 axes in ["batch", 4], more than the limit of 1"#])
    limits.rank = 2
    #expect(report(BadGraph.graph()) == ["found 4, more than the limit of 3 for one axis"])
    limits.depth = 3
    #expect(
      report(BadGraph.graph()) == ["arrays and objects are nested deeper here than the limit of 3"])
  }

  @Test func opening() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "g.json").path
    try Data(BadGraph.graph().utf8).write(to: URL(filePath: path))
    let (read, faults) = try GraphDocument.open(path)
    #expect(faults.isEmpty)
    #expect(read?.file == path)
    #expect(read?.folder == folder.path)

    var small = GraphLimits()
    small.fileBytes = 10
    #expect(kinds { try GraphDocument.open(path, limits: small) } == [.limit])
    #expect(kinds { try GraphDocument.open(path + ".none") } == [.io])
    #expect(kinds { try GraphDocument.open(folder.path) } == [.io])
  }

  private func kinds(_ body: () throws -> GraphDocument.Reading) -> [Fault.Kind] {
    do {
      _ = try body()
      return []
    } catch let faults as Faults {
      return faults.all.map(\.kind)
    } catch {
      return []
    }
  }

  @Test(arguments: ["null", "42", "\"text\"", "[1, [2]]", "{}"]) func metadataIsAnyValue(_ value: String) {
    let text = BadGraph.graph([8: "  \"outputs\": [\"h\"], \"metadata\": \(value)"])
    let (document, faults) = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    #expect(faults.isEmpty)
    #expect(document?.metadata != nil)
  }
}
