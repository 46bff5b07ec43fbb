import Diagnostics
import Inspection
import JSONText

/// `nngraph ops`: what the registry holds.
enum Operators: Verb {
  static let name = "ops"
  static let summary = "List operators, activations, losses, optimizers and the rest, or explain one."
  static let operands = "[NAME]"
  static let operandCount = 0...1
  static let example = "ops dense"
  static let options = [
    CommandOption(
      "schema", "the JSON Schema of a graph file, for editors; it is the one document of --json, too"),
    CommandOption("markdown", "the whole reference as a Markdown page"),
  ]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    let reference = OperatorReference(context.registry)
    if arguments.has("schema") || arguments.has("markdown") {
      guard arguments.operands.isEmpty, !(arguments.has("schema") && arguments.has("markdown")) else {
        throw Fault(.usage, "--schema and --markdown describe everything, and only one of them at a time")
      }
      if arguments.has("schema") {
        let schema = GraphSchema(context.registry).json
        try context.answer(JSONWriter.canonicalText(schema), schema)
      } else {
        try context.answer(reference.markdown, reference.json())
      }
      return .done
    }
    if let name = arguments.operands.first {
      let pages = try pages(named: name, reference, context)
      let text = { pages.map { $0.text(width: context.width) }.joined(separator: "\n") }
      try context.answer(text(), reference.json(pages))
    } else {
      try context.answer(reference.listing(width: context.width), reference.json())
    }
    return .done
  }

  /// The pages of a name. Throws a fault that names the plugin where one that was found has it.
  private static func pages(
    named name: String, _ reference: OperatorReference, _ context: CommandContext
  ) throws -> [ComponentPage] {
    do {
      return try reference.pages(named: name)
    } catch {
      let search = context.plugins.search
      guard let owner = search?.owners(of: name).first else { throw error }
      let file = search?[owner]?.file.quotedForTerminal ?? "FILE"
      throw Fault(
        .usage,
        "\"\(name)\" belongs to plugin \"\(owner)\", which is loaded when a graph lists it; --plugin \(file) "
          + "loads it here")
    }
  }
}
