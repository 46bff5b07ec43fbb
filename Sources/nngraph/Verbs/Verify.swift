import Diagnostics
import JSONText
import Runtime
import Verification

/// `nngraph verify`: conformance cases.
enum Verify: Verb {
  static let name = "verify"
  static let summary = "Run conformance cases and compare outputs, gradients and trained parameters."
  static let operands = "FOLDER..."
  static let operandCount = 1...Int.max
  static let example = "verify Tests/Conformance/core"
  static let options: [CommandOption] = []
  static let notes = ["A folder without case.json is searched; a case that cannot be read has failed."]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    guard context.globals.overrides.isEmpty, context.globals.bindings.isEmpty else {
      throw Fault(.usage, "--set changes a graph; verify takes cases as they stand")
    }
    let settings = VerificationSettings(
      registry: context.registry, executor: ThreadPool(threadCount: context.threadCount),
      rewrites: context.rewrites, limits: context.limits)
    var failure: (any Error)?
    let report = Conformance.verify(arguments.operands, settings) { one in
      do {
        try context.print(one.line + "\n")
        try context.flush()
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    try context.print(report.summary + "\n")
    context.emit(report.json)
    return report.failed == 0 ? .done : .no
  }
}
