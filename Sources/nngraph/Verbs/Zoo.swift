import Diagnostics
import JSONText
import ModelZoo
import Runtime
import Training

/// `nngraph zoo`: the models that come with the program.
enum Zoo: Verb {
  static let name = "zoo"
  static let summary = "List, show, copy and verify the models of the zoo."
  static let operands = "list | show NAME | copy NAME FOLDER | verify [NAME...] | record [NAME...]"
  static let operandCount = 1...Int.max
  static let example = "zoo list"
  static let options = [
    CommandOption("force", "let copy write over files that are there"),
    CommandOption("data", value: "FOLDER", "where record finds data that does not come with the models"),
  ]
  static let notes = [
    "verify compares hashes and sample outputs with the index, and ends with 1 where a model failed.",
    "record, for maintainers, trains models anew from their own files and writes parameters, figures and",
    "index.",
    "The models are those of NNGRAPH_MODELS, of ~/.local/share/nngraph/models, or beside the program.",
  ]

  /// What is done with models.
  private enum Action: String, CaseIterable {
    case list
    case show
    case copy
    case verify
    case record

    /// How many operands stand behind the action.
    var operandCount: ClosedRange<Int> {
      switch self {
      case .list: 0...0
      case .show: 1...1
      case .copy: 2...2
      case .verify, .record: 0...Int.max
      }
    }
  }

  static func documentName(for words: [String]) -> String {
    words.lazy.compactMap { Action(rawValue: $0) }.first.map { "\(name).\($0.rawValue)" } ?? name
  }

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    let word = arguments.operands[0]
    let names = Array(arguments.operands.dropFirst())
    guard let action = Action(rawValue: word) else {
      let known = Action.allCases.map(\.rawValue)
      throw Fault(
        .usage, "zoo: expected \(known.joined(separator: ", ")), found \"\(word.excerpt())\"",
        nearest: nearest(to: word, among: known))
    }
    guard action.operandCount.contains(names.count) else {
      throw Fault(.usage, "zoo \(word): \(names.count) operands do not fit; zoo takes \(operands)")
    }
    if action != .copy, arguments.has("force") { throw Fault(.usage, "--force goes with zoo copy alone") }
    if action != .record, arguments.has("data") {
      throw Fault(.usage, "--data goes with zoo record alone")
    }
    let folder = try ModelZoo.folder()
    let index = try ZooIndex.read(folder)
    switch action {
    case .list: try context.answer(index.text, index.json)
    case .show:
      let entry = try index.entry(named: names[0])
      try context.answer(entry.text, entry.json(folder: folder))
    case .copy:
      let entry = try index.entry(named: names[0])
      let paths = try ModelZoo.copy(entry, from: folder, to: names[1], force: arguments.has("force"))
      try context.answer(
        paths.map { $0.quotedForTerminal + "\n" }.joined(),
        .object([
          ("schema", .string("nngraph.zoo.copy/1")), ("files", .array(paths.map(JSONValue.string))),
        ]))
    case .verify: return try verify(index.entries(named: names), folder, context)
    case .record: return try record(names, folder, data: arguments.value("data"), context)
    }
    return .done
  }

  private static func verify(
    _ entries: [ZooEntry], _ folder: String, _ context: CommandContext
  ) throws -> ExitCode {
    let pool = ThreadPool(threadCount: context.threadCount)
    var reports: [ZooVerification] = []
    for entry in entries {
      let report = ModelZoo.verify(entry, in: folder, registry: context.registry, executor: pool)
      reports.append(report)
      try context.print(report.text)
      try context.flush()
    }
    context.emit(ZooVerification.json(reports))
    return reports.allSatisfy(\.passed) ? .done : .no
  }

  private static func record(
    _ names: [String], _ folder: String, data: String?, _ context: CommandContext
  ) throws -> ExitCode {
    Interrupt.install()
    var display = TrainingDisplay(context)
    var model = ""
    let recorded = try ModelZoo.record(
      names, in: folder, data: data, registry: context.registry,
      executor: ThreadPool(threadCount: context.threadCount)
    ) { name, event in
      if name != model {
        display.finish()
        display = TrainingDisplay(context, title: name)
        model = name
      }
      display.show(event)
      return Interrupt.isPending ? .stop : .proceed
    }
    display.finish()
    let index = try ZooIndex.read(folder)
    let json = recorded.map { JSONValue.string($0.name) }
    try context.answer(
      index.text,
      .object([("schema", .string("nngraph.zoo.record/1")), ("recorded", .array(json))]))
    return Interrupt.isPending ? .interrupted : .done
  }
}
