import Compiler
import Diagnostics
import Glibc
import LayerKit
import Runtime
import Tensors
import Verification

/// Checks what the same seed must give: the same bits in every run and for every number of threads.
///
/// Examples are small, so each is also tried with its first axis made long, which cuts the work into pieces;
/// where the operator refuses that, the small one stands alone.
public struct LayerChecks: Sendable {
  private let registry: Registry
  private let pools: [ThreadPool]

  /// Throws `RegistrationFault` where the registry has names that the check itself needs.
  public init(_ registry: Registry) throws {
    var registry = registry
    try registry.register(CheckModule())
    self.registry = registry
    pools = (1...3).map { ThreadPool(threadCount: $0) }
  }

  /// Checks the selected components, forward and backward, in 32 bits; `begins` is told of each use before it is
  /// checked.
  public func run(
    _ selection: CheckSelection = .everything, begins: (CheckedUse) -> Void = { _ in }
  ) -> RegistryReport {
    var report = RegistryReport()
    report.add(registry.gaps(selection))
    for use in registry.uses(selection) {
      report.uses += 1
      begins(use)
      do {
        let long = lengthened(use)
        let graph = try long ?? ExampleGraph(use, registry)
        let inputs = try use.inputs(copies: long == nil ? 1 : use.copies)
        for mode in [Mode.inference, .training] { report.add(try check(graph, inputs, mode)) }
      } catch {
        report.add([CheckFailure(use, "\(error)", in: "")])
      }
    }
    return report
  }

  /// The graph of the use with a long first axis; nil where there is none, or it would be too large.
  private func lengthened(_ use: CheckedUse) -> ExampleGraph? {
    try? ExampleGraph(use.lengthened, registry, memoryBytes: 1 << 23)
  }

  private func check(
    _ graph: ExampleGraph, _ inputs: [String: Tensor], _ mode: Mode
  ) throws -> [CheckFailure] {
    let network = try graph.network()
    var first: [(name: String, tensor: Tensor)]?
    for pool in pools {
      let make = {
        try ExampleRun(
          network, registry, mode: mode, losses: graph.losses(network), inputs: inputs, executor: pool)
      }
      let run = try make()
      let found = try run.everything()
      guard let before = first else {
        first = found
        let failures = difference(found, try make().everything(), graph, "in a second run", mode)
        if !failures.isEmpty { return failures }
        continue
      }
      let failures = difference(before, found, graph, "on \(pool.threadCount) threads", mode)
      if !failures.isEmpty { return failures }
    }
    return []
  }

  private func difference(
    _ a: [(name: String, tensor: Tensor)], _ b: [(name: String, tensor: Tensor)], _ graph: ExampleGraph,
    _ circumstance: String, _ mode: Mode
  ) -> [CheckFailure] {
    for (left, right) in zip(a, b) {
      if left.tensor.hasSameBits(as: right.tensor) { continue }
      let index = zip(left.tensor.doubles, right.tensor.doubles).enumerated().first { $1.0 != $1.1 }
      return [
        CheckFailure(
          graph.use, subject: left.name, index: coordinates(of: index?.offset ?? 0, in: left.tensor.shape),
          "has other bits \(circumstance): \(index.map { "\($0.element.0) and \($0.element.1)" } ?? "a sign or a NaN")",
          in: mode.rawValue)
      ]
    }
    return []
  }
}

extension Tensor {
  /// Whether the two are of one size and hold the same bytes, so that 0 is not -0, and a NaN may equal itself.
  fileprivate func hasSameBits(as other: Tensor) -> Bool {
    withBytes { x in
      other.withBytes { y in
        guard x.count == y.count, let left = x.baseAddress, let right = y.baseAddress else {
          return x.count == y.count
        }
        return memcmp(left, right, x.count) == 0
      }
    }
  }
}

extension CheckedUse {
  /// How often a first axis is repeated to be so long that a simple loop is cut into more than two pieces.
  fileprivate var copies: Int {
    70_000 / max(1, example.inputs.compactMap { $0?.shape.reduce(1, *) }.max() ?? 1) + 1
  }

  /// The same use with a long first axis.
  fileprivate var lengthened: CheckedUse {
    var example = example
    example.inputs = example.inputs.map { input in
      guard var input, let first = input.shape.first else { return input }
      input.shape[0] = first * copies
      return input
    }
    return CheckedUse(component: component, op: op, number: number, example: example)
  }

  /// The example's inputs, each repeated along its first axis.
  fileprivate func inputs(copies: Int) throws -> [String: Tensor] {
    try inputs().mapValues { tensor in
      guard copies > 1, let first = tensor.shape.first else { return tensor }
      var bytes: [UInt8] = []
      tensor.withBytes { one in for _ in 0..<copies { bytes.append(contentsOf: one) } }
      let shape = [first * copies] + tensor.shape.dropFirst()
      return Tensor(shape: shape, type: tensor.elementType, bytes: bytes) ?? tensor
    }
  }
}
