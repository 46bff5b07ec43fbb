import Diagnostics
import Glibc
import LayerKit
import Runtime
import Tensors
import Testing

@testable import NNGraphTestKit

/// Every operator, activation and loss, run in a graph: linked in and crossed, the bits are the same.
@Suite struct GraphTests {
  @Test func `everything whose kinds the interface has crosses`() throws {
    let registries = try CrossedRegistries()
    #expect(
      registries.refused.keys.sorted() == [
        "activation", "loss", "random_normal", "random_uniform", "reshape",
      ])
    #expect(registries.refused["reshape"]?.contains("\"shape\"") == true)
  }

  @Test(arguments: [false, true])
  func `operators compute the same bits`(inDouble: Bool) throws {
    let registries = try CrossedRegistries()
    try compare(registries, inDouble: inDouble, isCompared: { $0.component.hasPrefix("operator") })
  }

  @Test(arguments: [false, true])
  func `activations compute the same bits`(inDouble: Bool) throws {
    let registries = try CrossedRegistries()
    try compare(registries, inDouble: inDouble, isCompared: { $0.component.hasPrefix("activation") })
  }

  private func compare(
    _ registries: CrossedRegistries, inDouble: Bool, isCompared: (CheckedUse) -> Bool
  ) throws {
    var (linked, crossed) = (registries.linked, registries.crossed)
    try linked.register(CheckModule())
    try crossed.register(CheckModule())
    var compared = 0
    for use in linked.uses(.everything).filter(isCompared) {
      let inputs = try use.inputs()
      let (first, second) = (try ExampleGraph(use, linked), try ExampleGraph(use, crossed))
      #expect(first.outputs == second.outputs)
      for mode in [Mode.inference, .training] {
        for copiesInputs in [false, true] {
          let left = try everything(first, linked, mode, inDouble, inputs, copiesInputs)
          let right = try everything(second, crossed, mode, inDouble, inputs, copiesInputs)
          expectSame(left, right, "\(use.name), \(mode), \(inDouble ? 64 : 32) bits")
          compared += left.count
        }
      }
    }
    #expect(compared > 100)
  }

  @Test(arguments: 1...3)
  func `long operators compute the same bits on several threads`(threads: Int) throws {
    let registries = try CrossedRegistries()
    var (linked, crossed) = (registries.linked, registries.crossed)
    try linked.register(CheckModule())
    try crossed.register(CheckModule())
    let pool = ThreadPool(threadCount: threads)
    var compared = 0
    for use in linked.uses(.everything).map(\.withLongAxis) where use.number == 0 {
      // Where an operator refuses a long axis, the small one stands alone.
      guard let first = try? ExampleGraph(use, linked, memoryBytes: 1 << 23) else { continue }
      let (second, inputs) = (try ExampleGraph(use, crossed, memoryBytes: 1 << 23), try use.inputs())
      let left = try everything(first, linked, .training, false, inputs, false)
      let right = try everything(second, crossed, .training, false, inputs, false, pool)
      expectSame(left, right, "\(use.name), long, \(threads) threads")
      compared += 1
    }
    #expect(compared > 50)
  }

  private func expectSame(
    _ left: [(name: String, tensor: Tensor)], _ right: [(name: String, tensor: Tensor)], _ what: String
  ) {
    #expect(left.map(\.name) == right.map(\.name))
    for (left, right) in zip(left, right) where !left.tensor.hasSameBytes(as: right.tensor) {
      Issue.record("\(what): \(left.name) differs")
    }
  }

  private func everything(
    _ graph: ExampleGraph, _ registry: Registry, _ mode: Mode, _ inDouble: Bool, _ inputs: [String: Tensor],
    _ copiesInputs: Bool, _ pool: ThreadPool = ThreadPool(threadCount: 1)
  ) throws -> [(name: String, tensor: Tensor)] {
    let network = try graph.network(copiesInputs: copiesInputs)
    let run = try ExampleRun(
      network, registry, mode: mode, inDouble: inDouble, losses: graph.losses(network), inputs: inputs,
      executor: pool)
    _ = try run.everything()
    // The second run reuses what the first one built.
    return try run.everything()
  }
}

extension Tensor {
  fileprivate func hasSameBytes(as other: Tensor) -> Bool {
    withBytes { left in
      other.withBytes { right in
        guard left.count == right.count, let a = left.baseAddress, let b = right.baseAddress else {
          return left.count == right.count
        }
        return memcmp(a, b, left.count) == 0
      }
    }
  }
}

extension CheckedUse {
  /// The same use with a first axis that is long enough for several pieces.
  fileprivate var withLongAxis: CheckedUse {
    var example = example
    let largest = example.inputs.compactMap { $0?.shape.reduce(1, *) }.max() ?? 1
    example.inputs = example.inputs.map { input in
      guard var input, let first = input.shape.first else { return input }
      input.shape[0] = first * (70_000 / max(1, largest) + 1)
      return input
    }
    return CheckedUse(component: component, op: op, number: number, example: example)
  }
}
