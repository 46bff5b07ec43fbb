import Compiler
import Diagnostics
import Inspection
import JSONText
import Runtime

/// `nngraph inspect`: what a network is, without running it.
enum Inspect: Verb {
  static let name = "inspect"
  static let summary = "Show inputs, nodes, parameters and costs of a network; nothing is computed."
  static let operands = "GRAPH"
  static let example = "inspect models/gate-xor.json"
  static let options = [
    CommandOption("expand", "a row for every node of every block"),
    CommandOption("plan", "steps, rewrites and memory of the plans"),
    CommandOption("weights", "minimum, maximum, mean, deviation and histogram of each parameter"),
  ]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    let network = try GraphArgument(context).network(arguments.operands[0])
    let plans = NetworkPlans(network, rewrites: context.rewriteRules, selection: context.rewrites)
    let summary = NetworkSummary(network, plans: plans, isExpanded: arguments.has("expand"))
    var members = summary.members
    try context.print(summary.text(width: context.width))
    if arguments.has("plan") {
      let shown = [("run", plans.run), ("train", plans.training)].compactMap { phase, plan in
        plan.map { PlanSummary($0, of: network, phase: phase) }
      }
      let rewrites = RewriteList(context.registry, selection: context.rewrites, plans: shown)
      for plan in shown { try context.print("\n" + plan.text(width: context.width)) }
      let cost = RecomputationCost(plans)
      if let cost { try context.print("\n" + cost.text) }
      try context.print("\n" + rewrites.text(width: context.width))
      members += [("plans", .array(shown.map(\.json))), ("rewrites", rewrites.json)]
      if let cost { members.append(("recomputation", cost.json)) }
    }
    if arguments.has("weights") {
      let weights = try WeightSummary(network, limit: context.memoryLimit)
      try context.print("\n" + weights.text(width: context.width))
      members += [("weights_from", .string(weights.source)), ("weights", weights.json)]
    }
    context.emit(.object(members))
    return .done
  }
}
