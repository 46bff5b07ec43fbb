import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors
import Testing

@testable import PluginHost

@Suite struct LoadedLayerTests {
  /// The same graph with the plugin's operator and with the one that is linked in.
  private func both(
    _ inputs: String, _ node: (String) -> String, _ plugged: String, _ linked: String
  ) throws -> (PluggedWorld, PluggedWorld) {
    let worlds = try [plugged, linked].map { op in
      try PluggedWorld(
        inputs: inputs,
        nodes: node(op) + #", {"name": "total", "op": "reduce_sum", "inputs": ["y"], "axes": [0, 1]}"#,
        outputs: #""total", "y""#, loss: "total")
    }
    return (worlds[0], worlds[1])
  }

  @Test(arguments: [1, 2, 3]) func productsAreTheHostsWhateverTheThreads(threads: Int) throws {
    let (plugged, linked) = try both(
      #""x": {"shape": ["batch", 256]}"#,
      { #"{"name": "y", "op": "\#($0)", "inputs": ["x"], "units": 256, "bias": false}"# },
      "plugged_dense", "dense")
    let weights = Tensor(shape: [256, 256], scattered(1 << 16))
    var results: [[Double]] = []
    for world in [plugged, linked] {
      world.store.set(ParameterID(0), weights)
      let session = try world.session(["batch": 300], trains: true, threads: threads)
      _ = try world.output(session, scattered(300 * 256))
      results.append(session.output(world.network.outputs[1].value)?.tensor.doubles ?? [])
      results.append(try world.store.gradientView(ParameterID(0)).tensor.doubles)
      results.append(session.inputGradient(world.network.inputs[0].value)?.tensor.doubles ?? [])
    }
    #expect(results[0].count == 300 * 256 && results[0].contains { $0 != 0 })
    #expect(results[0] == results[3])
    #expect(results[1] == results[4])
    #expect(results[2] == results[5])
  }

  @Test(arguments: [1, 2]) func chanceIsTheHosts(threads: Int) throws {
    let (plugged, linked) = try both(
      #""x": {"shape": ["batch", 50]}"#,
      { #"{"name": "y", "op": "\#($0)", "inputs": ["x"], "rate": 0.4}"# }, "plugged_dropout", "dropout")
    var results: [[Double]] = []
    for world in [plugged, linked] {
      let session = try world.session(["batch": 1000], threads: threads)
      for step in [0, 5] {
        _ = try world.output(session, scattered(50_000), step: step)
        results.append(session.output(world.network.outputs[1].value)?.tensor.doubles ?? [])
      }
    }
    #expect(results[0] == results[2])
    #expect(results[1] == results[3])
    #expect(results[0] != results[1])
    #expect(results[0].count { $0 == 0 } > 10_000)
  }

  @Test func defaultsInitializersAndActivationsStayOnTheHost() throws {
    let world = try PluggedWorld(
      inputs: #""x": {"shape": ["batch", 4]}"#,
      nodes: #"""
        {"name": "y", "op": "plugged_dense", "inputs": ["x"], "units": 3, "weight_initializer": "ones",
         "activation": {"function": "bent", "slope": 0.125}},
        {"name": "z", "op": "plugged_dense", "inputs": ["x"], "units": 100}
        """#, outputs: #""y", "z""#)
    let session = try world.session(["batch": 2])
    let y = try world.output(session, [1, 2, 3, 4, -1, -2, -3, -4])
    // The bias begins at 0.25; what is negative is multiplied by the slope.
    #expect(y == [10.25, 10.25, 10.25] + [Double](repeating: -9.75 * 0.125, count: 3))
    let drawn = world.store.view(ParameterID(2)).tensor.doubles
    let square = drawn.reduce(0) { $0 + $1 * $1 } / Double(drawn.count)
    #expect(abs(square - 0.25) < 0.05, "the default's deviation is 0.5, not \(square.squareRoot())")
  }

  @Test func sizesMayBeExpressions() throws {
    let world = try PluggedWorld(
      inputs: #""x": {"shape": ["batch", "time"]}"#,
      nodes: #"""
        {"name": "a", "op": "every_other", "inputs": ["x"]},
        {"name": "b", "op": "every_other", "inputs": ["a"]}
        """#, outputs: #""b", "a""#)
    let types = world.network.outputs.map { world.network.graph[$0.value].type.shapeText }
    #expect(types == ["[batch, ceil(ceil(time/2)/2)]", "[batch, ceil(time/2)]"])
    let session = try world.session(["batch": 2, "time": 5])
    let first = try world.output(session, (0..<10).map { Float($0) })
    // y_i = x_2i times 1.5 or 2.5, twice.
    #expect(first == [0, 4 * 1.5 * 2.5, 5 * 1.5 * 1.5, 9 * 1.5 * 2.5])
    #expect(world.notes.all == ["made a state", "made a state"])
    // The state counts the calls in training, the parameter's first values are the layer's own.
    _ = try world.output(session, scattered(10))
    #expect(world.store.view(ParameterID(0)).tensor.doubles == [2])
    #expect(world.store.view(ParameterID(1)).tensor.doubles == [1.5, 2.5])
  }

  @Test func gradientsAreThoseOfDifferences() throws {
    let world = try PluggedWorld(
      inputs: #""x": {"shape": ["batch", 5]}, "t": {"shape": ["batch", 2]}"#,
      nodes: #"""
        {"name": "h", "op": "plugged_dense", "inputs": ["x"], "units": 4, "activation": "tanh"},
        {"name": "b", "op": "activation", "function": "bent", "inputs": ["h"]},
        {"name": "e", "op": "every_other", "inputs": ["b"]},
        {"name": "l", "op": "loss", "kind": "plugged_squares", "factor": 0.75, "inputs": ["e", "t"]}
        """#, outputs: #""l""#, loss: "l", inDouble: true)
    let session = try world.session(["batch": 3], trains: true)
    let (x, t) = (world.network.inputs[0].value, world.network.inputs[1].value)
    session.setInput(x, Tensor(shape: [3, 5], scattered(15)))
    session.setInput(t, Tensor(shape: [3, 2], scattered(8).suffix(6).map { $0 }))
    func loss() throws -> Double {
      try session.run()
      return session.output(world.network.outputs[0].value)?.tensor.doubles[0] ?? .nan
    }
    let places =
      try [x, t].map { (session.input($0), session.inputGradient($0)) }
      + world.network.parameters.indices.filter { world.network.parameters[$0].isTrainable }.map {
        (world.store.view(ParameterID($0)), try world.store.gradientView(ParameterID($0)))
      }
    _ = try loss()
    let gradients = places.map { $0.1?.tensor.doubles ?? [] }
    #expect(gradients.count == 5 && gradients.allSatisfy { !$0.isEmpty })
    for (place, gradient) in zip(places, gradients) {
      guard let values = place.0?.pointer(Double.self) else { continue }
      for index in gradient.indices {
        let before = values[index]
        values[index] = before + 1e-5
        let above = try loss()
        values[index] = before - 1e-5
        let below = try loss()
        values[index] = before
        #expect(abs((above - below) / 2e-5 - gradient[index]) < 1e-7)
      }
    }
  }

  @Test func whatHasNoBackwardRunsAndDoesNotTrain() throws {
    let world = try PluggedWorld(
      inputs: #""x": {"shape": ["batch", 2]}"#,
      nodes: #"""
        {"name": "d", "op": "plugged_dense", "inputs": ["x"], "units": 2},
        {"name": "y", "op": "plugged_dropout", "inputs": ["d"], "rate": 0},
        {"name": "total", "op": "reduce_sum", "inputs": ["y"], "axes": [0, 1]}
        """#, outputs: #""total""#, loss: "total")
    _ = try world.session(["batch": 1])
    #expect(
      report { _ = try world.session(["batch": 1], trains: true) }
        == #"error: "y": operator "plugged_dropout" has no gradient, but stands between a trainable "#
        + "parameter and the loss")
  }

  @Test func refusalsKeepTheirPlace() throws {
    func graph(_ type: String, _ units: Int, _ shape: String = "[2, 3]") -> String {
      report {
        _ = try PluggedWorld(
          inputs: #""x": {"shape": \#(shape), "type": "\#(type)"}"#,
          nodes: #"{"name": "y", "op": "plugged_dense", "inputs": ["x"], "units": \#(units)}"#,
          outputs: #""y""#)
      }
    }
    #expect(
      graph("float32", 13).hasSuffix(
        #"error: nodes[0] "y", units: "plugged_dense": 13 brings bad luck (plugin "complete" 1.0.0)"#),
      "\(graph("float32", 13))")
    #expect(
      graph("int32", 2).hasSuffix(
        #"error: nodes[0] "y", inputs[0]: "plugged_dense": needs floats (plugin "complete" 1.0.0)"#),
      "\(graph("int32", 2))")
    #expect(graph("float32", 2, "[]").contains("needs a last axis of a known size"))
  }

  @Test func faultsOfARunNameNodePluginAndRow() throws {
    func run(_ classes: [Float]) -> String {
      report {
        let world = try PluggedWorld(
          inputs: #""c": {"shape": ["batch"], "type": "int32"}"#,
          nodes: #"{"name": "y", "op": "small_classes", "inputs": ["c"]}"#, outputs: #""y""#)
        _ = try world.output(world.session(["batch": classes.count]), classes)
      }
    }
    #expect(run([0, 2]) == "no fault")
    #expect(
      run([0, 1, 7])
        == #"error: node "y": row 2 (counted from 0) holds 7; accepted are 0 to 2 (plugin "complete" 1.0.0)"#)
    let operation = #"node "y": operator "small_classes" of plugin "complete" 1.0.0: "#
    #expect(run([2]).hasSuffix("libcomplete.so: error: " + operation + "two comes first"), "\(run([2]))")
    #expect(run([1]).hasSuffix(operation + "returns 77, which is no code of the interface"), "\(run([1]))")
  }

  @Test func attributesOfEveryKindCross() throws {
    let world = try PluggedWorld(
      inputs: #""x": {"shape": [2]}"#,
      nodes: #"""
        {"name": "a", "op": "echo", "inputs": ["x"]},
        {"name": "b", "op": "echo", "inputs": ["a"], "integer": 5, "number": 0.1, "truth": false,
         "word": "right", "text": "", "integers": [], "places": [1, -2], "padding": [0, 9], "numbers": 4,
         "type": "bool", "start": {"kind": "plugged_ramp", "slope": 2}, "gate": "bent", "absent": 6}
        """#, outputs: #""b""#)
    let lines = world.notes.all
    #expect(
      lines.first
        == #"{"integer":-3,"number":2,"truth":true,"word":"left","text":"ä \"b\"","integers":[1,2],"#
        + #""places":[7],"padding":"same","numbers":[[0.5,1],[2,-1e-5]],"type":"int32","start":"ones"}"#)
    #expect(
      lines.dropFirst().prefix(14) == [
        "integer: integer -3 -3", "number: number 2", "truth: boolean 1", "word: text left",
        "text: text ä \"b\"", "integers: integers 1 2", "places: integers 7", "padding: text same",
        "numbers: numbers 2: 2 2 0.5 1 2 -1e-05", "type: text int32", "start: text ones", "gate: none",
        "absent: none", "unknown: none",
      ])
    #expect(
      lines.suffix(14) == [
        "integer: integer 5 5", "number: number 0.1", "truth: boolean 0", "word: text right", "text: text ",
        "integers: integers", "places: integers 1 -2", "padding: integers 0 9", "numbers: numbers 0: 4",
        "type: text bool", "start: text plugged_ramp", "gate: text bent", "absent: integer 6 6",
        "unknown: none",
      ])
    #expect(try world.output(world.session([:]), [3, 4]) == [3, 4])
  }

  @Test func aShorterStructReadsAsZeroAtItsEnd() throws {
    let echo = try PluggedWorld.component(.layer, "echo")
    #expect(echo is LoadedLayer && !(echo is any DifferentiableLayer))
    #expect((echo as? any Layer)?.computesInPlace == false)
    #expect(
      try PluggedWorld.component(.layer, "plugged_dense", ["units": .integer(2)]) is any DifferentiableLayer)
  }

  @Test func aLoadedTypeIsMadeByItsDefinitionAlone() {
    #expect(throws: LayerFault.self) { try LoadedLayer(Attributes()) }
    #expect(LoadedLoss.schema.name == "loaded" && LoadedLayer.examples.isEmpty)
  }
}
