import Diagnostics
import JSONText
import Runtime
import Training

/// `nngraph evaluate`: how good a network is.
enum Evaluate: Verb {
  static let name = "evaluate"
  static let summary = "Compute loss and metrics over rows of data, and which classes are taken for which."
  static let operands = "GRAPH"
  static let example = "evaluate zoo:digits-mlp --rows test"
  static let options = [
    CommandOption("data", value: "FILE", "a file in place of the graph's own, or the folder of its files"),
    CommandOption("rows", value: "PART", "all, training, validation or test"),
    CommandOption("seed", value: "N", "what the parts are drawn from; without it, the graph's seed"),
    CommandOption("parameters", value: "FILE", "a safetensors file in place of the graph's parameters"),
  ]
  static let notes = [
    "Without --rows: all rows of --data FILE, else the graph's test rows, else its validation rows, else",
    "all. The loss is without regularisation.",
  ]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    var settings = NetworkEvaluation()
    settings.data = arguments.value("data")
    settings.part = try arguments.word("rows", Dataset.Part.self)
    settings.seed = try arguments.seed()
    settings.rewrites = context.rewrites
    settings.memoryLimit = context.memoryLimit
    let network = try GraphArgument(context).network(arguments.operands[0])
    let parameters = try context.parameters(of: network, arguments.value("parameters"), seed: settings.seed)
    let report = try settings(
      network, parameters: parameters, rules: context.rewriteRules,
      executor: ThreadPool(threadCount: context.threadCount))
    try context.answer(report.text(width: context.width), report.json)
    return .done
  }
}
