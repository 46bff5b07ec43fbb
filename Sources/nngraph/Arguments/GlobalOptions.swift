import Compiler
import Diagnostics
import GraphFile

/// The options that every verb has.
struct GlobalOptions {
  /// How progress is shown.
  enum Progress: String, CaseIterable {
    case auto
    case bar
    case plain
    case none
  }

  var json: Bool
  var isQuiet: Bool
  var color: Style.Choice
  var progress: Progress
  /// Nil stands for the cores that the process may use.
  var threads: Int?
  /// Sizes of symbols.
  var bindings: [String: Int] = [:]
  /// Keys of the file.
  var overrides: [GraphOverride] = []
  /// The value of `--rewrites`; its names are compared with the registry later.
  var rewrites: String
  var limits = GraphLimits()
  /// The plugins that are loaded by file.
  var plugins: [String] = []
  /// Whether folders are looked at for the plugins that graphs need.
  var searchesPlugins = true

  static let table: [CommandOption] = [
    CommandOption("help", letter: "h", "print this page"),
    CommandOption("version", "print the version"),
    CommandOption("json", "print exactly one JSON document"),
    CommandOption("quiet", letter: "q", "print results and errors alone"),
    CommandOption("color", value: "WHEN", "auto, always or never"),
    CommandOption("progress", value: "FORM", "auto, bar, plain or none"),
    CommandOption("threads", value: "N", "threads that compute; without it NNGRAPH_THREADS, or all cores"),
    CommandOption(
      "set", value: "NAME=VALUE", repeatable: true,
      "bind a symbol (batch=8), or set a key (training.epochs=3)"),
    CommandOption("rewrites", value: "LIST", "all, none, names to use, or -NAME to leave one out"),
    CommandOption("plugin", value: "FILE", repeatable: true, "load a plugin: its library, or its manifest"),
    CommandOption(
      "no-plugins", "use no plugins besides those that are linked in"),
    CommandOption("limit-file", value: "BYTES", "size of a graph file (64M)"),
    CommandOption("limit-depth", value: "N", "nesting of arrays and objects in it (64)"),
    CommandOption("limit-nodes", value: "N", "nodes after blocks are expanded (100000)"),
    CommandOption("limit-block-depth", value: "N", "blocks within blocks (32)"),
    CommandOption("limit-rank", value: "N", "axes of a tensor (8)"),
    CommandOption("limit-dimension", value: "N", "size of an axis (2147483647)"),
    CommandOption("limit-memory", value: "BYTES", "memory of a plan (what the machine has free)"),
  ]

  /// Reads the options. Throws usage faults.
  init(_ arguments: Arguments) throws {
    json = arguments.has("json")
    isQuiet = arguments.has("quiet")
    color = try arguments.word("color", Style.Choice.self) ?? .auto
    progress = try arguments.word("progress", Progress.self) ?? .auto
    threads = try arguments.integer("threads", 1...1024)
    if threads == nil, let text = environment("NNGRAPH_THREADS"), !text.isEmpty {
      threads = try Arguments.integer(text, 1...1024, of: "NNGRAPH_THREADS")
    }
    rewrites = arguments.value("rewrites") ?? "all"
    try readSettings(arguments.values("set"))
    try readLimits(arguments)
    plugins = arguments.values("plugin")
    searchesPlugins = !arguments.has("no-plugins")
    if !plugins.isEmpty, !searchesPlugins {
      throw Fault(.usage, "--plugin and --no-plugins do not go together")
    }
  }

  private mutating func readSettings(_ settings: [String]) throws {
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw Fault(
          .usage,
          "--set: expected NAME=VALUE such as batch=8 or training.epochs=3, found "
            + "\"\(setting.excerpt())\"")
      }
      if parts[0].utf8.contains(UInt8(ascii: ".")) {
        overrides.append(GraphOverride(path: parts[0], value: parts[1]))
      } else {
        bindings[parts[0]] = try Arguments.integer(
          parts[1], 1...Int(Int32.max), of: "--set \(parts[0].excerpt()), the size of a symbol")
      }
    }
  }

  private mutating func readLimits(_ arguments: Arguments) throws {
    let standard = GraphLimits()
    limits.fileBytes = try arguments.bytes("limit-file") ?? standard.fileBytes
    limits.depth = try arguments.integer("limit-depth", 1...1024) ?? standard.depth
    limits.nodes = try arguments.integer("limit-nodes", 1...Int.max) ?? standard.nodes
    limits.blockDepth = try arguments.integer("limit-block-depth", 1...256) ?? standard.blockDepth
    limits.rank = try arguments.integer("limit-rank", 1...64) ?? standard.rank
    limits.dimension = try arguments.integer("limit-dimension", 1...Int.max) ?? standard.dimension
    limits.memoryBytes = try arguments.bytes("limit-memory")
  }
}
