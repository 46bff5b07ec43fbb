import Compiler
import Diagnostics
import GraphFile
import LayerKit
import Testing

/// Graphs that ask for more than they are worth: a report in moments, whatever they ask for.
@Suite struct HostileGraphTests {
  private func kinds(_ text: String, limits: GraphLimits = GraphLimits()) throws -> Set<Fault.Kind> {
    let reading = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    let clock = ContinuousClock()
    let start = clock.now
    let (network, faults) = Network.resolve(reading, registry: try Registry.everything(), limits: limits)
    // Much more than it takes: this is for what would never end.
    #expect(clock.now - start < .seconds(20))
    #expect(network == nil)
    return Set(faults.map(\.kind))
  }

  private func block(_ text: String) -> String { #"  "blocks": { "b": \#(text) }"# }

  @Test func anArrayInEveryCopy() throws {
    let zeros = Array(repeating: "0", count: 20_000).joined(separator: ",")
    let text = graphText(
      nodes: [#"{ "name": "h", "op": "b", "inputs": ["x"], "repeat": 100000 }"#], outputs: #"["h"]"#,
      more: block(
        #"{ "inputs": ["v"], "arguments": { "p": [\#(zeros)] }, "nodes": [ { "name": "n", "op": "transpose", "inputs": ["v"], "permutation": "$p" } ], "outputs": ["n"] }"#
      ))
    #expect(try kinds(text) == [.limit])
  }

  @Test func arraysOfArraysOfArguments() throws {
    let list = Array(repeating: #""$w""#, count: 100).joined(separator: ",")
    var blocks = (0..<8).map { level in
      #"    "l\#(level)": { "inputs": ["v"], "arguments": { "w": null }, "nodes": [ { "name": "a", "op": "l\#(level + 1)", "inputs": ["v"], "w": [\#(list)] } ], "outputs": ["a"] }"#
    }
    blocks.append(
      #"    "l8": { "inputs": ["v"], "arguments": { "w": null }, "nodes": [ { "name": "a", "op": "constant", "shape": [1], "value": "$w" } ], "outputs": ["a"] }"#
    )
    let text = graphText(
      nodes: [#"{ "name": "h", "op": "l0", "inputs": ["x"], "w": 1 }"#], outputs: #"["h"]"#,
      more: "  \"blocks\": {\n\(blocks.joined(separator: ",\n"))\n  }")
    #expect(try kinds(text).contains(.limit))
  }

  @Test func aLongNameInEveryCopy() throws {
    let name = String(repeating: "n", count: 1_000_000)
    let text = graphText(
      nodes: [#"{ "name": "\#(name)", "op": "b", "inputs": ["x"], "repeat": 100000 }"#],
      outputs: #"["\#(name)"]"#,
      more: block(
        #"{ "inputs": ["v"], "nodes": [ { "name": "n", "op": "negate", "inputs": ["v"] } ], "outputs": ["n"] }"#
      ))
    #expect(try kinds(text) == [.limit])
  }

  @Test func aSizeOfEndlessTerms() throws {
    let symbols = 400
    let inputs = (0..<symbols).map { #""i\#($0)": { "shape": ["s\#($0)"] }"# }.joined(separator: ", ")
    var nodes: [String] = []
    for axis in 0..<8 {
      let list = (axis * 50..<axis * 50 + 50).map { "\"i\($0)\"" }.joined(separator: ", ")
      nodes.append(#"{ "name": "c\#(axis)_0", "op": "concatenate", "inputs": [\#(list)], "axis": 0 }"#)
      for step in 1..<8 {
        let place = step <= axis ? 0 : -1
        nodes.append(
          #"{ "name": "c\#(axis)_\#(step)", "op": "expand_dimensions", "inputs": ["c\#(axis)_\#(step - 1)"], "axis": \#(place) }"#
        )
      }
    }
    nodes.append(
      #"{ "name": "sum", "op": "add", "inputs": [\#((0..<8).map { "\"c\($0)_7\"" }.joined(separator: ", "))] }"#
    )
    nodes.append(#"{ "name": "h", "op": "flatten", "inputs": ["sum"], "axis": 0 }"#)
    let text = graphText(
      inputs: GraphInputs(stringLiteral: "{ \(inputs) }"), nodes: nodes, outputs: #"["h"]"#)
    #expect(try kinds(text) == [.limit])
  }

  @Test func outputsWithoutEnd() throws {
    var nodes = [#"{ "name": "c", "op": "constant", "shape": [4096], "value": 0 }"#]
    for index in 0..<200 {
      nodes.append(#"{ "name": "s\#(index)", "op": "split", "inputs": ["c"], "parts": 4096 }"#)
    }
    #expect(try kinds(graphText(nodes: nodes, outputs: #"["s0.1"]"#)) == [.limit])
  }

  @Test func faultsWithoutEnd() throws {
    let nodes = (0..<20_000).map { #"{ "name": "n\#($0)", "op": "densse", "inputs": ["y\#($0)"] }"# }
    let reading = GraphDocument.read(
      Array(graphText(nodes: nodes, outputs: #"["h"]"#).utf8), file: "g.json", folder: ".")
    let faults = Network.resolve(reading, registry: try Registry.everything()).faults
    #expect(faults.count == 1001)
    #expect(faults.contains { $0.message == "there are more faults than this report lists" })
  }

  @Test func patternsForEveryParameter() throws {
    let nodes = (0..<5_000).map { #"{ "name": "n\#($0)", "op": "dense", "inputs": ["x"], "units": 1 }"# }
    let patterns = (0..<5_000).map { "\"*q\($0)\"" }.joined(separator: ", ")
    let text = graphText(
      nodes: nodes, outputs: #"["n0"]"#,
      more:
        #"  "training": { "loss": "n0", "groups": [ { "parameters": [\#(patterns)] } ] }"#)
    #expect(try kinds(text) == [.limit, .input])
  }

  @Test func blocksThatPassTheirInputsOn() throws {
    let nodes = (0..<20_000).map { index in
      #"{ "name": "n\#(index)", "op": "b", "inputs": ["n\#((index + 1) % 20_000)"] }"#
    }
    let text = graphText(
      nodes: nodes, outputs: #"["n0"]"#, more: block(#"{ "inputs": ["v"], "nodes": [], "outputs": ["v"] }"#))
    #expect(try kinds(text) == [.input])
  }

  @Test func memoryOverTheLimit() throws {
    var limits = GraphLimits()
    limits.memoryBytes = 1 << 20
    let node = #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 1000000 }"#
    let reading = GraphDocument.read(
      Array(graphText(nodes: [node], outputs: #"["h"]"#).utf8), file: "g.json", folder: ".")
    let faults = Network.resolve(reading, registry: try Registry.everything(), limits: limits).faults
    #expect(
      faults.map(\.description) == [
        #"g.json:6:61: error: nodes[0] "h", units: [batch, 1000000] takes 4000000 bytes, over the memory limit of 1048576"#
      ])
  }
}
