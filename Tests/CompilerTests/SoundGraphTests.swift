import Compiler
import Testing

@Suite struct SoundGraphTests {
  @Test func nodesAndBlocksStandInAnyOrder() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [
          #"{ "name": "last", "op": "negate", "inputs": ["middle"] }"#,
          #"{ "name": "middle", "op": "residual", "inputs": ["first"], "width": 6, "repeat": 2 }"#,
          #"{ "name": "first", "op": "dense", "inputs": ["x"], "units": 6 }"#,
        ], outputs: #"["last", "middle", "middle.0"]"#, more: residual))
    #expect(
      network.nodes.map(\.name) == [
        "first", "middle_0/first", "middle_0/sum", "middle_1/first", "middle_1/sum", "last",
      ])
    #expect(try network.text("last") == "float32 [batch, 6]")
    #expect(
      network.parameters.map(\.name) == [
        "first.weight", "first.bias", "middle_0/first.weight", "middle_0/first.bias", "middle_1/first.weight",
        "middle_1/first.bias",
      ])
    #expect(network.outputs.map(\.name) == ["last", "middle", "middle.0"])
    #expect(Set(network.outputs.map(\.value)).count == 2)
  }

  @Test func blocksInBlocksAndTheirOutputs() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [
          #"{ "name": "u", "op": "outer", "inputs": { "b": "x", "a": "y" }, "size": 5 }"#,
          #"{ "name": "h", "op": "concatenate", "inputs": ["u.1", "u"] }"#,
        ], outputs: #"["h"]"#,
        more: #"""
            "blocks": {
              "outer": {
                "inputs": ["a", "b"], "arguments": { "size": null },
                "nodes": [
                  { "name": "one", "op": "inner", "inputs": ["a"], "sizes": ["$size", 7] },
                  { "name": "two", "op": "inner", "inputs": ["b"], "sizes": [2, "$size"] }
                ],
                "outputs": ["two.1", "one"]
              },
              "inner": {
                "inputs": ["v"], "arguments": { "sizes": [1, 1] },
                "nodes": [
                  { "name": "c", "op": "constant", "shape": "$sizes", "value": 1 },
                  { "name": "s", "op": "split", "inputs": ["w"], "sizes": [1, 3] },
                  { "name": "w", "op": "identity", "inputs": ["v"] }
                ],
                "outputs": ["c", "s.1"]
              }
            }
          """#
      ).replacing(#""x": {"#, with: #""y": { "shape": ["batch", 4] }, "x": {"#)
        .replacing(#""inputs": ["u.1", "u"]"#, with: #""axis": 0, "inputs": ["u.1", "u.1"]"#))
    #expect(try network.text("u") == "float32 [batch, 3]")
    #expect(try network.text("u.1") == "float32 [5, 7]")
    #expect(try network.text("u/two/c") == "float32 [2, 5]")
    #expect(try network.text("h") == "float32 [10, 7]")
  }

  @Test func theOutputsOfACopyFeedTheNext() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [#"{ "name": "u", "op": "step", "inputs": ["x", "x", "x"], "repeat": 3 }"#],
        outputs: #"["u"]"#,
        more: #"""
            "blocks": {
              "step": {
                "inputs": ["a", "b", "all"],
                "nodes": [
                  { "name": "next", "op": "add", "inputs": ["a", "b", "all"] },
                  { "name": "kept", "op": "identity", "inputs": ["a"] }
                ],
                "outputs": ["next", "kept"]
              }
            }
          """#))
    let nodes = Dictionary(uniqueKeysWithValues: network.nodes.map { ($0.name, $0) })
    let x = try network.value("x")
    #expect(nodes["u_0/next"]?.inputs == [x, x, x])
    #expect(nodes["u_1/next"]?.inputs == [nodes["u_0/next"]?.outputs[0], nodes["u_0/kept"]?.outputs[0], x])
    #expect(nodes["u_2/kept"]?.inputs == [nodes["u_1/next"]?.outputs[0]])
    #expect(try network.value("u") == nodes["u_2/next"]?.outputs[0])
    #expect(try network.value("u.1") == nodes["u_2/kept"]?.outputs[0])
  }

  @Test func inputsByNameAndOptionalOnesAsNull() throws {
    let network = try soundNetwork(
      graphText(
        inputs: .classes,
        nodes: [
          #"{ "name": "a", "op": "subtract", "inputs": { "b": "x", "a": "y" } }"#,
          #"{ "name": "y", "op": "add", "inputs": { "a": "x", "b": "x" } }"#,
          #"{ "name": "l", "op": "loss", "kind": "cross_entropy", "inputs": ["a", "label", null] }"#,
          #"{ "name": "m", "op": "loss", "kind": "cross_entropy", "inputs": { "target": "label", "prediction": "a" } }"#,
        ], outputs: #"["l", "m"]"#))
    let nodes = Dictionary(uniqueKeysWithValues: network.nodes.map { ($0.name, $0) })
    #expect(nodes["a"]?.inputs == [try network.value("y"), try network.value("x")])
    #expect(nodes["l"]?.inputs == nodes["m"]?.inputs)
    #expect(nodes["l"]?.inputs.count == 3)
  }

  @Test func wholeNumbersWithAPointAndKeysOfOthers() throws {
    let network = try soundNetwork(
      #"""
      {
        "format": "nngraph/1", "name": "g", "x-a": [1],
        "inputs": { "x": { "shape": [16.0, 4], "x-b": 1 } },
        "nodes": [
          { "name": "h", "op": "dense", "inputs": ["x"], "units": 3.0, "x-c": {}, "weight_init": { "kind": "normal", "x-d": 0 } },
          { "name": "n", "op": "reduce_sum", "axes": [0.0, 1], "inputs": { "x": "h", "x-i": 3 } }
        ],
        "outputs": { "h": "n", "x-e": "nothing" },
        "training": {
          "x-f": 1, "loss": [{ "value": "n", "x-g": 1 }], "epochs": 2.0, "optimizer": { "kind": "sgd", "x-h": 1 },
          "data": { "file": "d.csv", "inputs": { "x": { "columns": "*", "x-j": 1 }, "x-k": 1 }, "x-l": 1 }
        }
      }
      """#)
    #expect(try network.text("h") == "float32 [16, 3]")
    #expect(network.training?.epochs == 2)
    #expect(network.training?.data?.inputs.map(\.name) == ["x"])
  }

  @Test func usesShareTheirParameters() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [
          #"{ "name": "two", "op": "residual", "inputs": ["one"], "width": 4, "repeat": 2.0, "share": "one" }"#,
          #"{ "name": "one", "op": "residual", "inputs": ["x"], "width": 4, "repeat": 2 }"#,
        ], outputs: #"["two"]"#, more: residual))
    #expect(network.parameters.map(\.node) == ["one_0/first", "one_0/first", "one_1/first", "one_1/first"])
    let nodes = Dictionary(uniqueKeysWithValues: network.nodes.map { ($0.name, $0) })
    #expect(nodes["two_1/first"]?.parameters == nodes["one_1/first"]?.parameters)
    #expect(nodes["two_1/first"]?.shared == "one_1/first")
  }

  @Test func trainableFreezesANodeAUseAndByArgument() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [
          #"{ "name": "a", "op": "layer", "inputs": ["x"], "learns": false }"#,
          #"{ "name": "b", "op": "layer", "inputs": ["a"] }"#,
          #"{ "name": "c", "op": "layer", "inputs": ["b"], "trainable": false }"#,
          #"{ "name": "d", "op": "dense", "inputs": ["c"], "units": 2, "trainable": false }"#,
        ], outputs: #"["d"]"#,
        more: #"""
            "blocks": { "layer": {
              "inputs": ["v"], "arguments": { "learns": true },
              "nodes": [
                { "name": "d", "op": "dense", "inputs": ["v"], "units": 4, "bias": false, "trainable": "$learns" }
              ],
              "outputs": ["d"]
            } }
          """#))
    #expect(network.parameters.filter(\.isTrainable).map(\.name) == ["b/d.weight"])
  }

  @Test func symbolsAreBoundAndComputedWith() throws {
    let text = graphText(
      inputs: #"{ "s": { "shape": ["batch", "time", 6] }, "w": { "shape": ["width"] } }"#,
      nodes: [
        #"{ "name": "padded", "op": "pad", "inputs": ["s"], "before": [0, 1, 0], "after": [0, 1, 0] }"#,
        #"{ "name": "half", "op": "slice", "inputs": ["w"], "axis": 0, "step": 2 }"#,
        #"{ "name": "flat", "op": "flatten", "inputs": ["s"], "axis": 0 }"#,
        #"{ "name": "rows", "op": "reshape", "inputs": ["s"], "shape": ["batch", -1] }"#,
      ], outputs: #"["padded", "half", "flat", "rows"]"#)
    let free = try soundNetwork(text)
    #expect(try free.text("padded") == "float32 [batch, time + 2, 6]")
    #expect(try free.text("half") == "float32 [ceil(width/2)]")
    #expect(try free.text("flat") == "float32 [6*batch*time]")
    #expect(try free.text("rows") == "float32 [batch, 6*time]")
    #expect(free.symbols == ["batch", "time", "width"])
    let bound = try soundNetwork(text, bindings: ["time": 5, "width": 7])
    #expect(try bound.text("padded") == "float32 [batch, 7, 6]")
    #expect(try bound.text("half") == "float32 [4]")
    #expect(bound.symbols == ["batch"])
  }

  @Test func aBlockThatNothingUsesAddsNothing() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [#"{ "name": "h", "op": "negate", "inputs": ["x"] }"#], outputs: #"["h"]"#, more: residual))
    #expect(network.nodes.map(\.name) == ["h"])
    #expect(network.parameters.isEmpty)
  }

  @Test func blocksNestAsDeepAsTheLimit() throws {
    let blocks = (0..<32).map { level in
      let op = level == 0 ? "negate" : "b\(level - 1)"
      return
        #"    "b\#(level)": { "inputs": ["v"], "nodes": [ { "name": "n", "op": "\#(op)", "inputs": ["v"] } ], "outputs": ["n"] }"#
    }
    let network = try soundNetwork(
      graphText(
        nodes: [#"{ "name": "h", "op": "b31", "inputs": ["x"] }"#], outputs: #"["h"]"#,
        more: "  \"blocks\": {\n\(blocks.joined(separator: ",\n"))\n  }"))
    #expect(network.nodes.map(\.name) == ["h" + String(repeating: "/n", count: 32)])
  }

  @Test func anArgumentMayBeCalledAlmostInputs() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [#"{ "name": "h", "op": "b", "input": 3 }"#], outputs: #"["h"]"#,
        more: #"""
            "blocks": { "b": {
              "inputs": [], "arguments": { "input": null },
              "nodes": [ { "name": "c", "op": "constant", "shape": ["$input"], "value": 0 } ], "outputs": ["c"]
            } }
          """#))
    #expect(try network.text("h") == "float32 [3]")
  }
}
