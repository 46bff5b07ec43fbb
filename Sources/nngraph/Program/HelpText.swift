import Inspection
import JSONText

/// What `--help` prints.
enum HelpText {
  /// The verbs, each with an example.
  static func overview() -> String {
    var verbs = TextTable([.init(""), .init("")])
    for verb in Linked.verbs {
      verbs.rows.append([verb.name, verb.summary])
      verbs.rows.append(["", "nngraph \(verb.example)"])
    }
    return """
      nngraph: neural networks, each one JSON file

      nngraph VERB [options] OPERANDS

      \(verbs.text(indent: 2))
      GRAPH is a file, - for standard input, or zoo:NAME.
      nngraph VERB --help lists the options of a verb.

      """
  }

  /// The page of one verb.
  static func page(of verb: any Verb.Type) -> String {
    let operands = verb.operands.isEmpty ? "" : " \(verb.operands)"
    var out = "nngraph \(verb.name) [options]\(operands)\n\n\(verb.summary)\n"
    for note in verb.notes { out += note + "\n" }
    out += "\nexample\n  nngraph \(verb.example)\n"
    let options = verb.options.filter { !$0.isHidden }
    if !options.isEmpty { out += "\noptions\n" + table(options) }
    out += "\noptions of every verb\n" + table(GlobalOptions.table)
    return out + "\nexit codes\n" + codes
  }

  /// The document `nngraph.help/1`: version, verbs and options; of all verbs, or of one.
  static func json(of verb: (any Verb.Type)?) -> JSONValue {
    let verbs = (verb.map { [$0] } ?? Linked.verbs).map { verb in
      JSONValue.object([
        ("name", .string(verb.name)), ("summary", .string(verb.summary)),
        ("operands", .string(verb.operands)), ("example", .string("nngraph \(verb.example)")),
        ("options", .array(verb.options.filter { !$0.isHidden }.map(\.json))),
      ])
    }
    return .object([
      ("schema", .string("nngraph.help/1")), ("version", .string(Linked.version)),
      ("verbs", .array(verbs)), ("options", .array(GlobalOptions.table.map(\.json))),
    ])
  }

  private static func table(_ options: [CommandOption]) -> String {
    TextTable([.init(""), .init("")], rows: options.map { [$0.usage, $0.summary] }).text(indent: 2)
  }

  private static let codes = """
      0 done, 1 the answer is no, 2 an input cannot be used, 3 a plugin is missing or refused,
      4 training diverged, 5 over a limit, 64 usage, 69 something is not installed,
      70 a fault of the program, 74 reading or writing failed, 130 interrupted

    """
}
