import Diagnostics

/// One verb of the command line: one file, which parses its own options and calls the library.
protocol Verb {
  /// What is typed.
  static var name: String { get }
  /// One sentence.
  static var summary: String { get }
  /// What stands behind the options: `GRAPH...`; empty where nothing does.
  static var operands: String { get }
  /// How many operands there may be.
  static var operandCount: ClosedRange<Int> { get }
  /// A command that works, without the program's name.
  static var example: String { get }
  /// Its own options; those of all verbs come with the context.
  static var options: [CommandOption] { get }
  /// Further lines of its help.
  static var notes: [String] { get }

  /// Whether the plugins of `--plugin` are loaded for it; else their manifests alone are read.
  static var loadsPlugins: Bool { get }

  /// The name that its JSON document has in `nngraph.NAME/1`, for the words behind the verb.
  static func documentName(for words: [String]) -> String

  /// Does the work. Throws `Fault` or `Faults`; the program prints them and derives the exit code.
  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode
}

extension Verb {
  static var operandCount: ClosedRange<Int> { 1...1 }
  static var options: [CommandOption] { [] }
  static var notes: [String] { [] }
  static var loadsPlugins: Bool { true }
  static func documentName(for words: [String]) -> String { name }
}
