import LayerKit
import Testing

@testable import Compiler

/// What the plans of graphs take in memory, and whether each buffer lives as long as something uses it.
@Suite struct PlanMemoryTests {
  @Test(arguments: 0..<40) func randomGraphsArePackedTightly(_ seed: Int) throws {
    let network = try soundNetwork(RandomGraph(seed: seed).text)
    for rewrites in [RewriteSelection.all, .none] {
      for trains in [false, true] {
        let plan = try network.plan(trains: trains, rewrites: rewrites)
        #expect(plan.arenaByteCount >= plan.leastArenaByteCount)
        #expect(Double(plan.arenaByteCount) <= 1.1 * Double(plan.leastArenaByteCount), "seed \(seed)")
        #expect(plan.missedUses == [])
      }
    }
  }

  @Test func aUseOutsideALifeIsFound() throws {
    let plan = try soundNetwork(RandomGraph(seed: 1).text).plan(trains: true)
    let later = plan.steps.indices.dropFirst()
    let use = try #require(later.first { !plan.use(of: plan.steps[$0]).reads.isEmpty })
    let buffer = try #require(plan.use(of: plan.steps[use]).reads.first)
    var lives = plan.buffers.map(\.life)
    lives[buffer.index] = 0...0
    #expect(!plan.missedUses(lives).isEmpty)
  }

  /// A buffer lives no longer than from its first use to its last, but for what the caller writes or reads.
  @Test(arguments: 0..<20) func nothingLivesLongerThanItIsUsed(_ seed: Int) throws {
    let network = try soundNetwork(RandomGraph(seed: seed).text)
    let plan = try network.plan(trains: true)
    var first = [Int?](repeating: nil, count: plan.buffers.count)
    var last = first
    for (index, step) in plan.steps.enumerated() {
      for buffer in plan.allBuffers(of: step) {
        first[buffer] = first[buffer] ?? index
        last[buffer] = index
      }
    }
    var outside = Set(plan.inputs.map(\.buffer.index))
    outside.formUnion(plan.fetched.values.map(\.index))
    outside.formUnion(plan.inputGradients.values.map(\.index))
    for (index, buffer) in plan.buffers.enumerated() where !outside.contains(index) {
      #expect(buffer.life.lowerBound == first[index], "buffer \(index)")
      #expect(buffer.life.upperBound == last[index], "buffer \(index)")
    }
  }

  /// A layer whose parameters alone get gradients does half of what one does that also hands them on.
  @Test func operationsOfBackwardAreThoseThatAreAskedFor() throws {
    let nodes = [
      #"{ "name": "a", "op": "dense", "inputs": ["x"], "units": 4 }"#,
      #"{ "name": "b", "op": "dense", "inputs": ["a"], "units": 4 }"#,
      #"{ "name": "loss", "op": "reduce_mean", "inputs": ["b"], "axes": [0, 1] }"#,
    ]
    let network = try soundNetwork(
      graphText(nodes: nodes, outputs: #"["b"]"#, more: #"  "training": { "loss": "loss" }"#))
    let request = PlanRequest(
      mode: .training, sizes: ["batch": 2], fetches: [], losses: network.training?.losses ?? [],
      rewrites: .none)
    let plan = try Plan.make(network, request, rewrites: [])
    func call(_ name: String) throws -> PlannedCall {
      try #require(plan.calls.first { $0.node.name == name })
    }
    let (a, b) = (try call("a"), try call("b"))
    #expect(a.backwardOperations == a.node.layer.operations(a.signature))
    #expect(b.backwardOperations == 2 * b.node.layer.operations(b.signature))
  }

  @Test func bytesOfAStepAreWhatItReadsAndWrites() throws {
    let nodes = [#"{ "name": "a", "op": "dense", "inputs": ["x"], "units": 3 }"#]
    let plan = try soundNetwork(graphText(nodes: nodes, outputs: #"["a"]"#)).plan(["batch": 5])
    let use = plan.use(of: plan.steps[0])
    let input = try #require(plan.calls[0].signature.inputs[0])
    let parameters = plan.calls[0].signature.parameters.reduce(0) { $0 + $1.byteCount }
    #expect(plan.byteCount(of: use) == input.byteCount + 4 * 5 * 3 + parameters)
    #expect(use.gradientsWritten.isEmpty && use.parametersRead.count == 2)
  }
}

extension Plan {
  /// The uses of buffers at steps at which they do not live.
  fileprivate var missedUses: [String] { missedUses(buffers.map(\.life)) }

  fileprivate func missedUses(_ lives: [ClosedRange<Int>]) -> [String] {
    steps.enumerated().flatMap { index, step in
      allBuffers(of: step).filter { !lives[$0].contains(index) }.map { "buffer \($0) at step \(index)" }
    }
  }

  /// What a step reads and writes, its scratch included.
  fileprivate func allBuffers(of step: PlanStep) -> [Int] {
    let use = use(of: step)
    let scratch: [BufferID] =
      switch step {
      case .forward(let index): calls[index].forwardScratch
      case .backward(let index): calls[index].backwardScratch
      default: []
      }
    return (use.reads + use.writes + scratch).map(\.index)
  }
}
