import Compiler
import Diagnostics
import LayerKit
import Testing

/// Holds every pair of buffers of a plan against each other, and every buffer against the whole block.
func expectDisjoint(_ plan: Plan) throws {
  for (index, buffer) in plan.buffers.enumerated() {
    let end = buffer.offset + buffer.type.byteCount
    #expect(buffer.offset >= 0 && buffer.offset % 64 == 0 && end <= plan.arenaByteCount)
    for (other, second) in plan.buffers.enumerated().dropFirst(index + 1) {
      guard buffer.life.overlaps(second.life), buffer.type.byteCount > 0 else { continue }
      let isApart = end <= second.offset || second.offset + second.type.byteCount <= buffer.offset
      #expect(isApart, "buffers \(index) and \(other) overlap")
    }
  }
}

@Suite struct PlanTests {
  private static let classifier = graphText(
    inputs: .classes,
    nodes: [
      #"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 8, "activation": "relu" }"#,
      #"{ "name": "logits", "op": "dense", "inputs": ["h"], "units": 3 }"#,
      #"{ "name": "probabilities", "op": "softmax", "inputs": ["logits"] }"#,
      #"{ "name": "best", "op": "argmax", "inputs": ["probabilities"] }"#,
      #"{ "name": "loss", "op": "loss", "kind": "cross_entropy", "inputs": ["probabilities", "label"] }"#,
      #"{ "name": "unused", "op": "dense", "inputs": ["h"], "units": 50 }"#,
    ], outputs: #"["probabilities", "loss"]"#, more: #"  "training": { "loss": "loss" }"#)

  @Test func inferenceComputesNothingThatNoOutputNeeds() throws {
    let network = try soundNetwork(Self.classifier)
    let plan = try network.plan(fetches: ["probabilities"], rewrites: .none)
    #expect(plan.calls.map(\.node.name) == ["h", "h", "logits", "probabilities"])
    #expect(plan.forwardStepCount == plan.steps.count)
    #expect(plan.reached.isEmpty)
    let best = try network.plan(fetches: ["best"], rewrites: .none)
    #expect(best.calls.map(\.node.name) == ["h", "h", "logits", "probabilities", "best"])
    #expect(try network.plan(fetches: ["x"]).calls.isEmpty)
  }

  @Test func trainingLeavesOutWhatTheLossDoesNotNeed() throws {
    let network = try soundNetwork(Self.classifier)
    let plan = try network.plan(trains: true, fetches: [], rewrites: .none)
    // The loss reads the logits: nobody needs the probabilities.
    #expect(plan.calls.map(\.node.name) == ["h", "h", "logits", "loss"])
    let reached = Set(plan.reached.map { network.parameters[$0.index].name })
    #expect(reached == ["h.weight", "h.bias", "logits.weight", "logits.bias"])
  }

  @Test func buffersThatLiveTogetherAreApart() throws {
    let network = try soundNetwork(Self.classifier)
    for rewrites in [RewriteSelection.all, .none] {
      try expectDisjoint(try network.plan(rewrites: rewrites))
      try expectDisjoint(try network.plan(trains: true, rewrites: rewrites))
    }
  }

  @Test func aChainUsesItsMemoryAgain() throws {
    let nodes = (0..<50).map { index in
      #"{ "name": "n\#(index)", "op": "softmax", "inputs": ["\#(index == 0 ? "x" : "n\(index - 1)")"] }"#
    }
    let network = try soundNetwork(graphText(nodes: nodes, outputs: #"["n49"]"#))
    let plan = try network.plan(["batch": 1000])
    try expectDisjoint(plan)
    #expect(plan.arenaByteCount <= 4 * 16_000 + 4096)
  }

  @Test(arguments: ["dense-activation", "softmax-cross-entropy"])
  func rewritesChangeNoValue(_ rewrite: String) throws {
    let network = try soundNetwork(Self.classifier)
    #expect(
      try Registry.everything().rewrites.contains { $0.item.name == rewrite }, "the rewrite has this name")
    let plain = try network.plan(trains: true, rewrites: .none)
    #expect(plain.appliedRewrites.isEmpty)
    let before = try network.run(plain)
    for selection in [RewriteSelection.only([rewrite]), .without([rewrite]), .all] {
      let after = try network.run(try network.plan(trains: true, rewrites: selection))
      #expect(Set(after.keys) == Set(before.keys))
      for (name, values) in before { #expect(agree(values, after[name] ?? []), "\(name)") }
    }
  }

  @Test func memoryOverALimitIsRefused() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [
          #"{ "name": "h", "op": "constant", "shape": [2147483647, 2147483647, 2147483647], "value": 0 }"#
        ], outputs: #"["h"]"#))
    let faults = #expect(throws: Faults.self) { try network.plan(memoryLimit: 1 << 40) }
    #expect(faults?.all.map(\.kind) == [.limit])
  }

  @Test func aSizeThatIsNotBoundIsNamed() throws {
    let network = try soundNetwork(Self.classifier)
    let request = PlanRequest(mode: .inference, sizes: [:], fetches: network.outputs.map(\.value))
    let faults = #expect(throws: Faults.self) { try Plan.make(network, request, rewrites: []) }
    #expect(faults?.description.contains("batch") ?? false)
  }
}

@Suite struct DifferentiationTests {
  private func reached(_ nodes: [String], loss: String) throws -> [String] {
    let network = try soundNetwork(
      graphText(
        inputs: .types, nodes: nodes, outputs: #"["\#(loss)"]"#,
        more: #"  "training": { "loss": "\#(loss)" }"#))
    let plan = try network.plan(trains: true)
    return plan.reached.map { network.parameters[$0.index].name }.sorted()
  }

  @Test func whatNoGradientReachesIsLeftOut() throws {
    let found = try reached(
      [
        #"{ "name": "a", "op": "dense", "inputs": ["x"], "units": 2, "bias": false }"#,
        #"{ "name": "stop", "op": "stop_gradient", "inputs": ["a"] }"#,
        #"{ "name": "b", "op": "dense", "inputs": ["stop"], "units": 2, "bias": false }"#,
        #"{ "name": "frozen", "op": "dense", "inputs": ["b"], "units": 2, "trainable": false }"#,
        #"{ "name": "beside", "op": "dense", "inputs": ["b"], "units": 2 }"#,
        #"{ "name": "loss", "op": "reduce_mean", "inputs": ["frozen"], "axes": [0, 1] }"#,
      ], loss: "loss")
    #expect(found == ["b.weight"])
  }

  @Test func anIntegerOnTheWayEndsAGradient() throws {
    let found = try reached(
      [
        #"{ "name": "a", "op": "dense", "inputs": ["x"], "units": 2, "bias": false }"#,
        #"{ "name": "class", "op": "argmax", "inputs": ["a"] }"#,
        #"{ "name": "v", "op": "embedding", "inputs": ["class"], "vocabulary": 2, "dimension": 3 }"#,
        #"{ "name": "loss", "op": "reduce_mean", "inputs": ["v"], "axes": [0, 1] }"#,
      ], loss: "loss")
    #expect(found == ["v.weight"])
  }

  @Test func anOperatorWithoutAGradientIsNamed() throws {
    var registry = try Registry.everything()
    try registry.register(OneWayModule())
    let text = graphText(
      nodes: [
        #"{ "name": "a", "op": "dense", "inputs": ["x"], "units": 2 }"#,
        #"{ "name": "odd", "op": "one_way", "inputs": ["a"] }"#,
        #"{ "name": "loss", "op": "reduce_mean", "inputs": ["odd"], "axes": [0, 1] }"#,
      ], outputs: #"["loss"]"#, more: #"  "plugins": ["one_way"], "training": { "loss": "loss" }"#)
    let reading = GraphDocumentText(text).reading
    let network = try #require(Network.resolve(reading, registry: registry).network)
    let faults = #expect(throws: Faults.self) { try network.plan(trains: true) }
    #expect(
      faults?.description
        == #"error: "odd": operator "one_way" has no gradient, but stands between a trainable parameter and the loss"#
    )
    #expect(try network.plan().calls.count == 3)
  }
}
