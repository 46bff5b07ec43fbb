import Compiler
import Diagnostics
import JSONText
import LayerKit
import Runtime
import Tensors
import Training
import Verification

/// `nngraph run`: the outputs of a network.
enum Run: Verb {
  static let name = "run"
  static let summary = "Compute the outputs of a network for given inputs."
  static let operands = "GRAPH"
  static let example = "run models/gate-xor.json --data models/data/xor.csv"
  static let options = [
    CommandOption(
      "input", value: "NAME=FILE", repeatable: true, "the tensor of one input: npy, idx, csv or json"),
    CommandOption("inputs", value: "FILE", "a safetensors file with a tensor for each input"),
    CommandOption("data", value: "FILE", "a table, read through the graph's training.data"),
    CommandOption("mode", value: "MODE", "inference (the default) or training"),
    CommandOption("seed", value: "N", "what random numbers are drawn from; without it, the graph's seed"),
    CommandOption("parameters", value: "FILE", "a safetensors file in place of the graph's parameters"),
    CommandOption("outputs", value: "FILE", "write the outputs as safetensors"),
    CommandOption("fetch", value: "VALUE", repeatable: true, "any value of the graph, beside the outputs"),
    CommandOption(
      "gradients", value: "FILE", "write the gradients of the training loss, regularisation included"),
    CommandOption(
      "expect", value: "FILE", "compare the outputs with a safetensors file; 1 where they differ"),
    CommandOption("tolerance", value: "T", "what --expect allows (1e-5)"),
    CommandOption("draw", value: "NAME=ROWSxCOLUMNS", "draw the first row of an input, such as pixels=8x8"),
  ]
  static let notes = [
    "Only what the outputs need is computed, and only the inputs that this needs must be given.",
    "Two numbers agree when they differ by at most T * (s + |expected|) + 1e-5, s the largest |expected| of",
    "the tensor, at most 1. FILE of --expect may also be the expected.safetensors of a conformance case.",
  ]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    var settings = NetworkRun()
    settings.mode = try arguments.mode()
    settings.seed = try arguments.seed()
    settings.fetches = arguments.values("fetch")
    settings.wantsGradients = arguments.has("gradients")
    settings.rewrites = context.rewrites
    settings.memoryLimit = context.memoryLimit
    let tolerance = try arguments.tolerance()
    let picture = try arguments.value("draw").map { try PictureRequest($0) }
    var sources = RunInputs()
    sources.data = arguments.value("data")
    sources.tensors = arguments.value("inputs")
    sources.files = try arguments.values("input").map {
      let (name, path) = try Arguments.pair($0, of: "--input", "NAME=FILE")
      return (input: name, path: path)
    }
    sources.fileLimit = context.memoryLimit

    let network = try GraphArgument(context).network(arguments.operands[0])
    let inputs = try sources.read(for: network, needed: settings.neededInputs(of: network))
    let parameters = try context.parameters(of: network, arguments.value("parameters"), seed: settings.seed)
    let result = try settings(
      network, inputs: inputs, parameters: parameters, rules: context.rewriteRules,
      executor: ThreadPool(threadCount: context.threadCount))

    let drawing = try picture?.text(of: inputs) ?? ""
    try context.print(drawing)
    var compared: [(String, JSONValue)] = []
    if let path = arguments.value("outputs") {
      try FileAccess.writeFile(path, try result.outputFile())
    } else {
      try context.print(
        result.text(width: context.width, classes: network.classWords(of: result), isDrawn: picture != nil))
    }
    if let path = arguments.value("gradients") {
      try FileAccess.writeFile(path, Safetensors.bytes(of: result.namedGradients))
    }
    var code = ExitCode.done
    if let path = arguments.value("expect") {
      let expected = try Safetensors.read(
        FileAccess.readFile(path, limit: context.memoryLimit), file: path)
      let comparison = result.compared(with: expected, file: path, Agreement(tolerance: tolerance))
      try context.print(comparison.text)
      if context.wantsJSON { compared.append(("expected", comparison.json)) }
      if !comparison.passed { code = .no }
    }
    context.emit(.object(result.members + compared))
    return code
  }
}

extension Arguments {
  fileprivate func mode() throws -> Mode {
    guard let text = value("mode") else { return .inference }
    if let mode = Mode(rawValue: text) { return mode }
    let known = ["inference", "training"]
    throw Fault(
      .usage, "--mode: expected inference or training, found \"\(text.excerpt())\"",
      nearest: nearest(to: text, among: known))
  }

  fileprivate func tolerance() throws -> Double {
    let tolerance = try number("tolerance")
    if tolerance != nil, !has("expect") {
      throw Fault(.usage, "--tolerance goes with --expect, which names what the outputs are compared with")
    }
    if let tolerance, tolerance < 0 { throw Fault(.usage, "--tolerance: expected a number of at least 0") }
    return tolerance ?? 1e-5
  }

  /// The seed that was given; nil where none was.
  func seed() throws -> UInt64? { try integer("seed", 0...Int.max).map(UInt64.init) }

  /// The two parts of `NAME=VALUE`. Throws a usage fault where there are none.
  static func pair(_ text: String, of option: String, _ form: String) throws -> (String, String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw Fault(.usage, "\(option): expected \(form), found \"\(text.excerpt())\"")
    }
    return (parts[0], parts[1])
  }
}
