import Diagnostics
import Glibc
import Inspection
import JSONText

/// One call of the program, from its arguments to its exit code.
struct Program {
  private let words: [String]
  private let standardOutput = Output(descriptor: STDOUT_FILENO, name: "standard output")
  private let standardError = Output(descriptor: STDERR_FILENO, name: "standard error")

  init(_ words: [String]) { self.words = words }

  /// Runs the verb that the words name.
  func run() -> ExitCode {
    // A reader that goes away is seen as EPIPE by the write that finds it gone.
    signal(SIGPIPE, SIG_IGN)
    // A file that may not grow further is seen as EFBIG in the same way.
    signal(SIGXFSZ, SIG_IGN)
    let wantsJSON = words.prefix { $0 != "--" }.contains("--json")
    var document = "usage"
    do {
      let code = try run(naming: &document)
      try standardOutput.flush()
      return code
    } catch {
      let faults = Faults.of(error).inOrder()
      report(faults, document: document, wantsJSON: wantsJSON)
      return ExitCode(faults)
    }
  }

  /// `document` becomes the name of the document that the words ask for, which a failure has, too.
  private func run(naming document: inout String) throws -> ExitCode {
    let place = try VerbPlace.find(in: words)
    guard let place else {
      let arguments = try Arguments(words, options: GlobalOptions.table)
      if let operand = arguments.operands.first {
        throw Fault(.usage, "the verb stands before --, found \"\(operand.excerpt())\" behind it")
      }
      document = "help"
      try explain(nil, arguments)
      return .done
    }
    if words[place] == "help" {
      document = "help"
      let arguments = try Arguments(
        Array(words[..<place] + words[(place + 1)...]), options: GlobalOptions.table)
      try explain(try arguments.operands.first.map { try VerbPlace.verb(named: $0) }, arguments)
      return .done
    }
    let found = try VerbPlace.verb(named: words[place])
    let rest = Array(words[..<place] + words[(place + 1)...])
    document = found.documentName(for: rest)
    let arguments = try Arguments(rest, options: found.options + GlobalOptions.table)
    if arguments.has("help") || arguments.has("version") {
      try explain(found, arguments)
      return .done
    }
    let globals = try GlobalOptions(arguments)
    try checkOperands(arguments.operands, of: found)
    let context = try CommandContext(
      globals, loadsPlugins: found.loadsPlugins, output: standardOutput, errors: standardError)
    let code = try found.run(arguments, context)
    try context.finish()
    return code
  }

  /// Prints the version, the page of a verb, or the list of verbs.
  private func explain(_ verb: (any Verb.Type)?, _ arguments: Arguments) throws {
    if arguments.has("json") {
      try standardOutput.write(JSONWriter.compactText(HelpText.json(of: verb)) + "\n")
    } else if arguments.has("version") {
      try standardOutput.write("nngraph \(Linked.version)\n")
    } else {
      try standardOutput.write(verb.map { HelpText.page(of: $0) } ?? HelpText.overview())
    }
  }

  private func checkOperands(_ operands: [String], of verb: any Verb.Type) throws {
    guard !verb.operandCount.contains(operands.count) else { return }
    let shape = verb.operands.isEmpty ? "no operands" : verb.operands
    let found = operands.isEmpty ? "none" : operands.map { "\"\($0.excerpt())\"" }.joined(separator: ", ")
    throw Fault(
      .usage, "\(verb.name) takes \(shape), found \(found); `nngraph \(verb.name) --help` explains it")
  }

  /// What the words ask for; they may be what is at fault, so they are read leniently.
  private var colorChoice: Style.Choice {
    for (index, word) in words.enumerated() {
      if word == "--color", index + 1 < words.count {
        return Style.Choice(rawValue: words[index + 1]) ?? .auto
      }
      if word.hasPrefix("--color=") { return Style.Choice(rawValue: String(word.dropFirst(8))) ?? .auto }
    }
    return .auto
  }

  private func report(_ faults: Faults, document: String, wantsJSON: Bool) {
    let choice = colorChoice
    let style = Style(choice, isTerminal: standardError.isTerminal)
    var text = faults.description + "\n"
    if style.isOn { text = FaultText.coloured(faults, style) }
    // Nothing is left to be done about a standard error that cannot be written.
    try? standardError.write(text)
    try? standardError.flush()
    guard wantsJSON else {
      try? standardOutput.flush()
      return
    }
    try? standardOutput.write(JSONWriter.compactText(faults.document(verb: document)) + "\n")
    try? standardOutput.flush()
  }
}

/// Faults with their marks in colour.
enum FaultText {
  static func coloured(_ faults: Faults, _ style: Style) -> String {
    faults.all.reduce(into: "") { out, fault in
      let line = fault.description
      guard let mark = line.firstRange(of: "error: ") else {
        out += line + "\n"
        return
      }
      out += style.bold(String(line[..<mark.lowerBound])) + style.red("error:") + " "
      out += line[mark.upperBound...] + "\n"
    }
  }
}

/// Finds the verb among options.
enum VerbPlace {
  /// The index of the first word that is neither an option nor the value of one; nil where there is none.
  static func find(in words: [String]) throws -> Int? {
    var index = 0
    while index < words.count {
      let word = words[index]
      if word == "--" { return nil }
      guard word.hasPrefix("-"), word != "-" else { return index }
      let option = GlobalOptions.table.first { "--\($0.name)" == word }
      index += option?.value == nil ? 1 : 2
    }
    return nil
  }

  /// The verb of a name. Throws a usage fault with the nearest one.
  static func verb(named name: String) throws -> any Verb.Type {
    if let found = Linked.verbs.first(where: { $0.name == name }) { return found }
    throw Fault(
      .usage, "no verb \"\(name.excerpt())\"; `nngraph` lists the verbs",
      nearest: nearest(to: name, among: Linked.verbs.map { $0.name }))
  }
}
