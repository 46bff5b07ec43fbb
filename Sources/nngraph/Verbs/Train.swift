import Compiler
import Diagnostics
import GraphFile
import JSONText
import Runtime
import Training

/// `nngraph train`: new parameters for a network.
enum Train: Verb {
  static let name = "train"
  static let summary = "Train a network as its file says, from fresh parameters drawn from its seed."
  static let operands = "GRAPH"
  static let example = "train models/gate-xor.json --out xor-trained"
  static let options = [
    CommandOption("data", value: "FILE", "a file in place of the graph's own, or the folder of its files"),
    CommandOption("recipe", value: "FILE", "a training object that replaces the graph's key by key"),
    CommandOption("epochs", value: "N", "how often all rows are seen"),
    CommandOption("steps", value: "N", "stop after so many steps"),
    CommandOption("batch-size", value: "N", "rows of a step, or all"),
    CommandOption("seed", value: "N", "what first values, parts and order are drawn from"),
    CommandOption("no-shuffle", "take the rows in the order of the file"),
    CommandOption("parameters", value: "FILE", "start from a safetensors file, or from the graph's own"),
    CommandOption("out", letter: "o", value: "FOLDER", "where the trained graph goes; without it, nowhere"),
    CommandOption("force", "write into a folder that is not empty"),
    CommandOption("dry-run", "do everything up to the first step, and print all settings"),
  ]
  static let notes = [
    "FOLDER gets graph.json and graph.safetensors (a graph that runs), metrics.jsonl (a line an epoch) and",
    "run.json (all settings, hashes, versions). --parameters own starts from the graph's own parameters.",
    "One interrupt ends after the step, saves and exits with 130; a second one stops at once.",
    "A run that was ended cannot be resumed in this version.",
  ]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    var options = TrainingJob.Options()
    options.data = arguments.value("data")
    options.steps = try arguments.integer("steps", 1...Int.max)
    options.origin = arguments.value("parameters").map { $0 == "own" ? .own : .file($0) } ?? .fresh
    options.folder = arguments.value("out")
    options.force = arguments.has("force")
    options.rewrites = context.rewrites
    options.memoryLimit = context.memoryLimit
    options.versions = context.versions
    let recipe = try arguments.value("recipe").map { try Recipe($0, limits: context.limits) }
    var graph = GraphArgument(context)
    graph.overrides = try (recipe?.overrides ?? []) + arguments.trainingOverrides()
    let (network, faults) = try graph.resolve(arguments.operands[0])
    try Faults(recipe?.naming(faults) ?? faults).check()
    guard let network else { throw Fault(.program, "the graph gives neither a network nor a fault") }
    var job = try TrainingJob(
      network, options, registry: context.registry, executor: ThreadPool(threadCount: context.threadCount))
    for name in job.unreached {
      context.note(
        "warning: no gradient of the training loss reaches parameter \"\(name.quotedForTerminal)\"")
    }
    if arguments.has("dry-run") {
      try context.answer(job.report.plan, job.report.json)
      return .done
    }
    let (report, curve) = try train(&job, context)
    let isInterrupted = report.result?.end == .interrupted
    if !context.globals.isQuiet {
      try context.print(curve.text(columns: min(60, (context.width ?? 80) - 12), title: "loss"))
    }
    try context.answer(report.outcome(folder: options.folder), report.json)
    if options.folder == nil { context.note("note: the parameters were not kept; --out FOLDER keeps them") }
    return isInterrupted ? .interrupted : .done
  }

  /// Trains, and shows on standard error how it goes.
  private static func train(
    _ job: inout TrainingJob, _ context: CommandContext
  ) throws -> (TrainingReport, LossCurve) {
    Interrupt.install()
    var display = TrainingDisplay(context)
    var curve = LossCurve()
    defer { display.finish() }
    let report = try job.run { event in
      if case .step(let step) = event { curve.add(step.loss) }
      display.show(event)
      return Interrupt.isPending ? .stop : .proceed
    }
    return (report, curve)
  }
}

extension Arguments {
  /// The keys of `training` that options set.
  fileprivate func trainingOverrides() throws -> [GraphOverride] {
    var found: [(String, String)] = []
    if let epochs = try integer("epochs", 1...Int(Int32.max)) { found.append(("epochs", "\(epochs)")) }
    if value("batch-size") == "all" {
      found.append(("batch_size", "\"all\""))
    } else if let rows = try integer("batch-size", 1...Int(Int32.max)) {
      found.append(("batch_size", "\(rows)"))
    }
    if let seed = try integer("seed", 0...Int.max) { found.append(("seed", "\(seed)")) }
    if has("no-shuffle") { found.append(("shuffle", "false")) }
    return found.map { GraphOverride(path: "training.\($0)", value: $1) }
  }
}
