import Compiler
import Diagnostics
import GraphFile
import JSONText
import ModelZoo

/// A `GRAPH` of the command line: a file, `-` for standard input, or `zoo:NAME`.
struct GraphArgument {
  private let context: CommandContext
  /// Keys that a verb's own options set; those of `--set` come after them.
  var overrides: [GraphOverride] = []

  init(_ context: CommandContext) { self.context = context }

  /// The path of the graph's file; `-` stands for itself. Throws a usage fault for a model that is not there.
  func locate(_ name: String) throws -> String {
    try ModelZoo.locate(name)
  }

  /// Reads the graph with the overrides of the command line. Throws where there is no text to be read.
  func read(_ name: String) throws -> GraphDocument.Reading {
    try GraphDocument.open(
      locate(name), limits: context.limits, overrides: overrides + context.globals.overrides)
  }

  /// Reads and checks the graph, with the symbols of the command line bound.
  ///
  /// A symbol that no shape of the graph holds is a usage fault.
  func resolve(_ name: String) throws -> Network.Resolution { try resolve(read(name)) }

  /// Checks a graph that was read, as `resolve` of its name does.
  func resolve(_ reading: GraphDocument.Reading) throws -> Network.Resolution {
    if let document = reading.document { try checkBindings(document) }
    return Network.resolve(
      reading, registry: context.registry, limits: context.limits, bindings: context.globals.bindings)
  }

  /// The network of the graph. Throws everything that is wrong with it.
  func network(_ name: String) throws -> Network { try network(of: read(name)) }

  /// The network of a graph that was read. Throws everything that is wrong with it.
  func network(of reading: GraphDocument.Reading) throws -> Network {
    let (network, faults) = try resolve(reading)
    try Faults(faults).check()
    guard let network else {
      throw Fault(.program, file: reading.document?.file, "gives neither a network nor a fault")
    }
    return network
  }

  private func checkBindings(_ document: GraphDocument) throws {
    guard !context.globals.bindings.isEmpty else { return }
    var symbols: Set<String> = []
    Self.collectSymbols(in: document.root, into: &symbols)
    for name in context.globals.bindings.keys.sorted() where !symbols.contains(name) {
      let known = symbols.sorted()
      let list = known.isEmpty ? "has no symbols" : "has the symbols \(known.joined(separator: ", "))"
      throw Fault(
        .usage, file: document.file,
        "--set \(name.excerpt()): the graph \(list); a key of the file needs a dot, such as training.epochs",
        nearest: nearest(to: name, among: known))
    }
  }

  // As deep as the text is nested, which a limit bounds.
  private static func collectSymbols(in json: JSONValue, into symbols: inout Set<String>) {
    for member in json.members ?? [] where !member.key.hasPrefix("x-") && member.key != "metadata" {
      if member.key == "shape" { symbols.formUnion((member.value.elements ?? []).compactMap(\.string)) }
      collectSymbols(in: member.value, into: &symbols)
    }
    for element in json.elements ?? [] where element.members != nil {
      collectSymbols(in: element, into: &symbols)
    }
  }
}
