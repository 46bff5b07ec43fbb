import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors
import Verification

/// Checks every operator, activation and loss of a registry by its own examples.
///
/// Of each example: gradients of all float inputs and trainable parameters against central differences in 64
/// bits, in training and in inference, with all rewrites and with none, reading graph inputs and reading values
/// that may be overwritten; every trainable parameter is reached; and 32 bits give what 64 bits give.
///
/// ```swift
/// var registry = Registry()
/// try registry.register(StandardModule())
/// try registry.register(MyModule())
/// let report = try RegistryGradientCheck(registry).run(.module("my_module"))
/// #expect(report.passed, "\(report)")
/// ```
public struct RegistryGradientCheck: Sendable {
  private let registry: Registry
  private let executor: any Executor

  /// Throws `RegistrationFault` where the registry has names that the check itself needs.
  public init(_ registry: Registry) throws {
    var registry = registry
    try registry.register(CheckModule())
    self.registry = registry
    executor = ThreadPool(threadCount: 1)
  }

  /// Checks the selected components; `begins` is told of each use before it is checked.
  public func run(
    _ selection: CheckSelection = .everything, begins: (CheckedUse) -> Void = { _ in }
  ) -> RegistryReport {
    var report = RegistryReport()
    report.add(registry.gaps(selection))
    for use in registry.uses(selection) {
      report.uses += 1
      begins(use)
      do {
        let graph = try ExampleGraph(use, registry)
        try checkPrecisions(graph, &report)
        if graph.isDifferentiable {
          try checkGradients(graph, &report)
        } else {
          report.add(try ungraded(graph))
        }
      } catch {
        report.add([CheckFailure(use, "\(error)", in: "")])
      }
    }
    return report
  }

  /// Checks the operators of the names given.
  public func run(operators: [String]) -> RegistryReport { run(.named(operators: operators)) }

  private func checkGradients(_ graph: ExampleGraph, _ report: inout RegistryReport) throws {
    for copiesInputs in [false, true] {
      let network = try graph.network(copiesInputs: copiesInputs)
      for mode in [Mode.inference, .training] {
        for rewrites in [RewriteSelection.none, .all] {
          let setting =
            "\(mode.rawValue), rewrites \(rewrites == .all ? "all" : "none")\(copiesInputs ? ", behind copies" : "")"
          do {
            let rows = try rows(network, graph, mode, rewrites)
            for row in rows where row.worst != nil { report.count(row, graph.use, setting) }
            report.add(rows.compactMap { failure($0, graph, setting) })
          } catch {
            report.add([CheckFailure(graph.use, "\(error)", in: setting)])
          }
        }
      }
    }
  }

  /// A trainable parameter of an operator without gradients would never be trained.
  private func ungraded(_ graph: ExampleGraph) throws -> [CheckFailure] {
    try graph.network().parameters.filter(\.isTrainable).map { parameter in
      CheckFailure(
        graph.use, subject: "parameter \(parameter.declaration.name)", "no gradient reaches it", in: "")
    }
  }

  private func rows(
    _ network: Network, _ graph: ExampleGraph, _ mode: Mode, _ rewrites: RewriteSelection
  ) throws -> [GradientRow] {
    var check = try GradientCheck(
      network, registry: registry, executor: executor, losses: graph.losses(network))
    check.mode = mode
    check.rewrites = rewrites
    check.elementsPerTensor = 128
    check.seed = 5
    let parameters = try ParameterStore(network, inDouble: true)
    parameters.fillForChecks()
    return try check.run(inputs: try graph.use.inputs(), parameters: parameters).rows
  }

  private func failure(_ row: GradientRow, _ graph: ExampleGraph, _ setting: String) -> CheckFailure? {
    let own = row.isInput ? row.name : String(row.name.dropFirst(row.node.count + 1))
    let subject = "\(row.isInput ? "input" : "parameter") \(own)"
    if !row.isReached, !row.isInput {
      return CheckFailure(graph.use, subject: subject, "no gradient reaches it", in: setting)
    }
    guard let worst = row.worst else { return nil }
    if row.error >= GradientReport.tolerance {
      let missing = worst.backward.isNaN ? " (not written, or no number)" : ""
      return CheckFailure(
        graph.use, subject: subject, index: worst.index,
        "backward gives \(worst.backward)\(missing), differences give \(worst.differences); the relative error "
          + "is \(worst.relativeError)", in: setting)
    }
    guard row.kinks > 0 else { return nil }
    return CheckFailure(
      graph.use, subject: subject,
      "\(row.kinks) of \(row.compared) elements stand at a kink that the example does "
        + "not name", in: setting)
  }

  /// 32 bits must give what 64 bits give, to within 1e-4.
  private func checkPrecisions(_ graph: ExampleGraph, _ report: inout RegistryReport) throws {
    let network = try graph.network()
    for mode in [Mode.inference, .training] {
      var runs: [[Tensor]] = []
      for inDouble in [false, true] {
        let run = try ExampleRun(
          network, registry, mode: mode, inDouble: inDouble, inputs: try graph.use.inputs(),
          executor: executor)
        runs.append(try run.results())
      }
      for (port, (narrow, wide)) in zip(runs[0], runs[1]).enumerated() {
        report.add(compare(narrow, wide, graph, graph.outputNames[port], "\(mode.rawValue)"))
      }
    }
  }

  private func compare(
    _ narrow: Tensor, _ wide: Tensor, _ graph: ExampleGraph, _ output: String, _ setting: String
  ) -> [CheckFailure] {
    let isFloat = narrow.elementType.isFloat
    for (index, (a, b)) in zip(narrow.doubles, wide.doubles).enumerated() {
      let agrees = isFloat ? (a - b).magnitude <= 1e-4 * (1 + b.magnitude) : a == b
      if agrees { continue }
      return [
        CheckFailure(
          graph.use, subject: "output \(output)", index: coordinates(of: index, in: narrow.shape),
          "32 bits give \(a), 64 bits give \(b)", in: setting)
      ]
    }
    return []
  }
}

extension RegistryReport {
  /// Counts a gradient that was compared.
  fileprivate mutating func count(_ row: GradientRow, _ use: CheckedUse, _ setting: String) {
    gradients += 1
    guard row.error < GradientReport.tolerance, row.error > largestError else { return }
    largestError = row.error
    largestErrorPlace = "\(use.name), \(row.name) [\(setting)]"
  }
}
