import Compiler
import Diagnostics
import GraphFile
import Inspection
import JSONText
import Runtime
import Verification

/// `nngraph check`: everything that is wrong with graphs.
enum Check: Verb {
  static let name = "check"
  static let summary = "Find every fault of a graph, its parameters and its memory, each with its place."
  static let operands = "GRAPH..."
  static let operandCount = 1...Int.max
  static let example = "check models/gate-xor.json"
  static let options = [
    CommandOption("training", "every trainable parameter must be reached by a gradient"),
    CommandOption("gradients", "compare backward with central differences in 64 bits, worst first"),
  ]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    let options = CheckReport.Options(
      training: arguments.has("training"), rewrites: context.rewrites, memoryLimit: context.memoryLimit)
    var reports: [CheckReport] = []
    var gradients: [(file: String, report: GradientReport)] = []
    var isUnreadable = false
    for name in arguments.operands {
      let reading: GraphDocument.Reading
      let resolution: Network.Resolution
      do {
        reading = try GraphArgument(context).read(name)
        resolution = try GraphArgument(context).resolve(reading)
      } catch {
        let faults = Faults.of(error).all
        if faults.contains(where: { $0.kind == .usage }) { throw error }
        isUnreadable = isUnreadable || faults.contains { $0.kind == .io }
        reports.append(CheckReport(file: name, faults: faults))
        continue
      }
      var report = CheckReport(
        resolution, of: reading.document, file: name, registry: context.registry, options)
      if arguments.has("gradients"), report.isSound, let network = resolution.network {
        do {
          gradients.append((name, try compare(network, context)))
        } catch {
          report = CheckReport(file: name, faults: Faults.of(error).all)
        }
      }
      reports.append(report)
    }
    let tables = { gradients.map { "\($0.file): loss \($0.report.loss)\n\($0.report.text)\n" }.joined() }
    let compared = gradients.map { answer in
      JSONValue.object([
        ("file", .string(answer.file)), ("ok", .boolean(answer.report.passed)),
        ("loss", .double(answer.report.loss)), ("rows", answer.report.json),
      ])
    }
    let isSound = reports.allSatisfy(\.isSound) && gradients.allSatisfy(\.report.passed)
    try context.answer(
      reports.text + tables(),
      reports.json(isSound: isSound, arguments.has("gradients") ? [("gradients", .array(compared))] : []))
    return isUnreadable ? .io : isSound ? .done : .no
  }

  /// Compares the gradients at random inputs and the graph's own parameters, or fresh ones.
  private static func compare(_ network: Network, _ context: CommandContext) throws -> GradientReport {
    let pool = ThreadPool(threadCount: context.threadCount)
    var check = try GradientCheck(network, registry: context.registry, executor: pool)
    check.rewrites = context.rewrites
    check.memoryLimit = context.memoryLimit
    let parameters = try network.presentParameters(inDouble: true, limit: context.memoryLimit)
    let inputs = try SampleInputs.find(for: check, parameters: parameters)
    return try check.run(inputs: inputs, parameters: parameters)
  }
}
