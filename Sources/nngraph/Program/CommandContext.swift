import Compiler
import Diagnostics
import Glibc
import GraphFile
import JSONText
import LayerKit
import Runtime

/// What a verb works with: the options of every verb, the registry, and where it prints.
final class CommandContext {
  let globals: GlobalOptions
  let plugins: Plugins
  let registry: Registry
  let rewrites: RewriteSelection
  /// The limits of a graph; their memory is what the machine has free, where no option says more.
  let limits: GraphLimits
  /// How results and notes are coloured.
  let style: Style
  let noteStyle: Style
  private let output: Output
  private let errors: Output
  private var document: JSONValue?

  init(_ globals: GlobalOptions, loadsPlugins: Bool, output: Output, errors: Output) throws {
    self.globals = globals
    self.output = output
    self.errors = errors
    style = Style(globals.color, isTerminal: output.isTerminal)
    noteStyle = Style(globals.color, isTerminal: errors.isTerminal)
    let isQuiet = globals.isQuiet
    plugins = try Plugins(globals, loads: loadsPlugins) { text in
      guard !isQuiet else { return }
      // A note that cannot be written is not worth failing for.
      let stream = Output(descriptor: STDERR_FILENO, name: "standard error")
      try? stream.write(text.quotedForTerminal + "\n")
      try? stream.flush()
    }
    registry = try plugins.registry()
    rewrites = try RewriteSelection(globals.rewrites, registry: registry)
    var limits = globals.limits
    limits.memoryBytes = limits.memoryBytes ?? Machine.availableMemory
    self.limits = limits
  }

  /// Whether the result is a JSON document.
  var wantsJSON: Bool { globals.json }

  /// The columns that a table may take; nil where nobody looks at a terminal.
  var width: Int? { output.width }

  /// The columns that a progress display may take; nil where standard error is no terminal.
  var errorWidth: Int? { errors.width }

  /// The program and its modules with their versions.
  var versions: [(name: String, version: String)] {
    let loaded = plugins.loaded.filter { registry.modules[$0.name] == nil }
    let modules = registry.modules.map { (name: $0.key, version: $0.value) } + loaded
    return [("nngraph", Linked.version)] + modules.sorted { $0.name < $1.name }
  }

  /// The memory that a plan, or a file that is read whole, may take.
  var memoryLimit: Int { limits.memoryBytes ?? .max }

  /// The rules that make plans faster, those that are switched off included.
  var rewriteRules: [any Rewrite] { registry.rewrites.map(\.item) }

  /// The threads that compute.
  var threadCount: Int { globals.threads ?? Machine.availableCores }

  /// Whether a bar shows progress, or plain lines do; nil where nothing does.
  var showsBar: Bool? {
    switch globals.progress {
    case .none: nil
    case .bar: true
    case .plain: false
    case .auto: globals.isQuiet ? nil : errors.isTerminal
    }
  }

  /// Prints a part of the result; nothing where the result is a JSON document.
  func print(_ text: @autoclosure () -> String) throws {
    if !wantsJSON { try output.write(text()) }
  }

  /// Prints bytes of a result that is a file.
  func printFile(_ bytes: [UInt8]) throws { try output.write(bytes) }

  /// Writes what was printed, so that someone who watches sees it.
  func flush() throws { try output.flush() }

  /// Sets the one JSON document that is the result; it is printed when the verb has ended well.
  func emit(_ json: @autoclosure () -> JSONValue) {
    if wantsJSON { document = json() }
  }

  /// Prints the result as text, or sets it as JSON.
  func answer(_ text: @autoclosure () -> String, _ json: @autoclosure () -> JSONValue) throws {
    if wantsJSON { document = json() } else { try output.write(text()) }
  }

  /// Tells something beside the result, on standard error; nothing under `--quiet`.
  func note(_ text: @autoclosure () -> String) {
    guard !globals.isQuiet else { return }
    // A note that cannot be written is not worth failing for.
    try? errors.write(text() + "\n")
    try? errors.flush()
  }

  /// Writes a piece of a progress display to standard error as it stands.
  func showProgress(_ text: String) {
    try? errors.write(text)
    try? errors.flush()
  }

  /// Writes the JSON document, if one was set.
  func finish() throws {
    if let document { try output.write(JSONWriter.compactText(document) + "\n") }
  }
}
