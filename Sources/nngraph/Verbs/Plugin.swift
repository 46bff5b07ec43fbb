import Diagnostics
import Glibc
import Inspection
import JSONText
import LayerKit
import PluginCheck
import PluginHost
import PluginTemplates
import Runtime
import Tensors

/// `nngraph plugin`: what plugins there are, and tools for those who write them.
enum Plugin: Verb {
  static let name = "plugin"
  static let summary = "List, inspect and check plugins, or begin one."
  static let operands = "list | inspect NAME | check FILE | manifest LIBRARY | new NAME"
  static let operandCount = 1...2
  static let example = "plugin list"
  static let options = [
    CommandOption("language", value: "NAME", "of new: c or swift"),
    CommandOption("kit", value: "FOLDER", "of new in Swift: where the package nngraph lies"),
    CommandOption("out", value: "FOLDER", "of new: the folder to write; without it, NAME"),
    CommandOption("timeout", value: "SECONDS", "of check: how long one call may take (20)"),
    CommandOption("in-this-process", "of check: for debuggers; a crash is then one of the program"),
    CommandOption("events-to", value: "NUMBER", hidden: true, "of check: the descriptor of who waits for it"),
    CommandOption("runtime", value: "VERSION", "of manifest: the Swift whose runtime the library needs"),
  ]
  static let notes = [
    "inspect and check also take the path of a manifest or a library.",
    "list and inspect load nothing; check loads the plugin in a process of its own.",
    "manifest loads a library that was just built, and writes NAME.nngplugin.json beside it.",
  ]

  // So the registry of its context holds what is linked in, and nothing else.
  static let loadsPlugins = false

  /// What is done with plugins.
  private enum Action: String, CaseIterable {
    case list
    case inspect
    case check
    case manifest
    case new

    /// The options that belong to it.
    var options: [String] {
      switch self {
      case .list, .inspect: []
      case .check: ["timeout", "in-this-process", "events-to"]
      case .manifest: ["runtime"]
      case .new: ["language", "kit", "out"]
      }
    }
  }

  static func documentName(for words: [String]) -> String {
    words.lazy.compactMap { Action(rawValue: $0) }.first.map { "\(name).\($0.rawValue)" } ?? name
  }

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    let word = arguments.operands[0]
    let known = Action.allCases.map(\.rawValue)
    guard let action = Action(rawValue: word) else {
      throw Fault(
        .usage, "plugin: expected \(known.joined(separator: ", ")), found \"\(word.excerpt())\"",
        nearest: nearest(to: word, among: known))
    }
    guard arguments.operands.count == (action == .list ? 1 : 2) else {
      throw Fault(.usage, "plugin \(word): the operands do not fit; plugin takes \(operands)")
    }
    for option in options where arguments.has(option.name) && !action.options.contains(option.name) {
      throw Fault(.usage, "--\(option.name) does not go with plugin \(word)")
    }
    let operand = arguments.operands.last ?? ""
    switch action {
    case .list:
      let listing = PluginListing(
        linked: context.registry, given: context.plugins.given, search: context.plugins.search)
      try context.answer(listing.text(width: context.width), listing.json)
    case .inspect:
      let page = PluginPage(try manifest(operand, context))
      try context.answer(page.text(width: context.width), page.json)
      return page.faults.isEmpty ? .done : .no
    case .check: return try check(operand, arguments, context)
    case .manifest: try writeManifest(operand, arguments, context)
    case .new: try begin(operand, arguments, context)
    }
    return .done
  }

  /// Whether the operand is a path, and not a plugin's name, which has no point.
  private static func isPath(_ operand: String) -> Bool {
    operand.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
  }

  /// The manifest of a plugin that is given by its name, or by the path of its manifest or library.
  private static func manifest(_ operand: String, _ context: CommandContext) throws -> PluginManifest {
    if isPath(operand) {
      return try PluginManifest.read(PluginManifest.manifestFile(of: operand))
    }
    if let given = context.plugins.given.first(where: { $0.name == operand }) { return given }
    let linked = context.registry.modules.keys.filter { $0 != Registry.core }
    if linked.contains(operand) {
      throw Fault(
        .usage, "plugin \"\(operand)\" is linked in and has no manifest; `nngraph ops` lists what it offers")
    }
    let search = context.plugins.search
    if let found = search?[operand] { return found }
    if let refusal = search?.refused.first(where: { $0.name == operand }) {
      guard let manifest = refusal.manifest else { throw refusal.faults }
      return manifest
    }
    let advice = search?.advice(for: operand) ?? "plugins were not looked for"
    throw Fault(
      .plugin, "plugin \"\(operand.excerpt())\" is not there; \(advice)",
      nearest: nearest(to: operand, among: (search?.found.map(\.name) ?? []) + linked))
  }

  private static func check(
    _ operand: String, _ arguments: Arguments, _ context: CommandContext
  ) throws -> ExitCode {
    let timeout = try arguments.integer("timeout", 1...86_400) ?? 20
    if let descriptor = try arguments.integer("events-to", 0...Int(Int16.max)) {
      // The process that waits expects its own code, which is none of the program's.
      ProgramEnd.isOurs.store(true, ordering: .relaxed)
      exit(PluginCheck.report(file: operand, to: Int32(descriptor), timeout: timeout))
    }
    // What cannot even be found is no plugin that failed.
    let file = isPath(operand) ? operand : try manifest(operand, context).file
    let report: PluginCheckReport
    if arguments.has("in-this-process") {
      report = PluginCheck.runInThisProcess(file: file, timeout: arguments.has("timeout") ? timeout : nil)
    } else {
      guard let executable = Machine.executablePath else {
        throw Fault(.program, "the program does not find its own file, and so cannot start a check")
      }
      report = try PluginCheck.run(
        file: file, executable: executable,
        arguments: [
          "plugin", "check", "--events-to", "\(PluginCheck.eventsDescriptor)", "--timeout", "\(timeout)",
          "--", file,
        ], timeout: timeout)
    }
    try context.answer((context.globals.isQuiet ? report.shortText : report.text) + "\n", report.json)
    return report.isClean ? .done : .no
  }

  private static func writeManifest(
    _ library: String, _ arguments: Arguments, _ context: CommandContext
  ) throws {
    let manifest = try PluginManifest.describing(
      library: library, swift: arguments.value("runtime"), in: context.registry, log: { _ in })
    try manifest.write()
    try context.answer(
      manifest.file.quotedForTerminal + "\n",
      .object([
        ("schema", .string("nngraph.plugin.manifest/1")), ("file", .string(manifest.file)),
        ("manifest", manifest.json),
      ]))
  }

  private static func begin(_ name: String, _ arguments: Arguments, _ context: CommandContext) throws {
    guard let language = try arguments.word("language", PluginTemplate.Language.self) else {
      throw Fault(.usage, "plugin new: --language c or --language swift is needed")
    }
    if context.registry.modules[name] != nil {
      throw Fault(
        .usage,
        "plugin new: \"\(name)\" is a module of the program, and would hide the plugin; take another name")
    }
    let folder = arguments.value("out") ?? name
    let kit = arguments.value("kit") ?? Machine.executablePath.flatMap(PluginTemplate.package(above:))
    let template = try PluginTemplate(name: name, language: language, kit: kit)
    let paths = try template.write(into: folder)
    try context.answer(
      paths.map { $0.quotedForTerminal + "\n" }.joined(),
      .object([
        ("schema", .string("nngraph.plugin.new/1")), ("files", .array(paths.map(JSONValue.string))),
      ]))
  }
}
