import Compiler
import Diagnostics
import GraphFile
import Inspection
import JSONText

/// `nngraph check`: everything that is wrong with graphs.
enum Check: Verb {
  static let name = "check"
  static let summary = "Find every fault of a graph, its parameters and its memory, each with its place."
  static let operands = "GRAPH..."
  static let operandCount = 1...Int.max
  static let example = "check models/xor.json"
  static var options: [CommandOption] {
    let training = CommandOption("training", "every trainable parameter must be reached by a gradient")
    let gradients = CommandOption("gradients", "compare backward with central differences in 64 bits")
    return Linked.checkGradients == nil ? [training] : [training, gradients]
  }

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    let options = CheckReport.Options(
      training: arguments.has("training"), rewrites: context.rewrites, memoryLimit: context.memoryLimit)
    var reports: [CheckReport] = []
    var isUnreadable = false
    var gradients: [Linked.GradientAnswer] = []
    for name in arguments.operands {
      let resolution: Network.Resolution
      do {
        resolution = try GraphArgument(context).resolve(name)
      } catch {
        let faults = Faults.of(error).all
        if faults.contains(where: { $0.kind == .usage }) { throw error }
        isUnreadable = isUnreadable || faults.contains { $0.kind == .io }
        reports.append(CheckReport(file: name, faults: faults))
        continue
      }
      let report = CheckReport(resolution, file: name, registry: context.registry, options)
      reports.append(report)
      if arguments.has("gradients"), report.isSound, let network = resolution.network,
        let check = Linked.checkGradients
      {
        gradients.append(try check(network, context))
      }
    }
    let compared = gradients.isEmpty ? [] : [("gradients", JSONValue.array(gradients.map(\.json)))]
    try context.answer(reports.text + gradients.map(\.text).joined(), reports.json(compared))
    if isUnreadable { return .io }
    return reports.allSatisfy(\.isSound) && gradients.allSatisfy(\.isSound) ? .done : .no
  }
}
