import Diagnostics
import Inspection
import JSONText
import Tensors

/// `nngraph export`: a network in another form.
enum Export: Verb {
  static let name = "export"
  static let summary = "Write a network as json, dot, mermaid or safetensors."
  static let operands = "GRAPH"
  static let example = "export models/gate-xor.json -o xor.dot"
  static let options = [
    CommandOption("output", letter: "o", value: "FILE", "where to write; - is standard output"),
    CommandOption(
      "to", value: "FORMAT", "json, dot, mermaid or safetensors; without it, by the file's ending"),
  ]
  static let notes = [
    "json is the canonical form, with every --set of a key; dot and mermaid are pictures of the whole network;",
    "safetensors holds the parameters that the graph names, else fresh ones drawn from training.seed.",
  ]

  static func run(_ arguments: Arguments, _ context: CommandContext) throws -> ExitCode {
    let asked = try arguments.word("to", ExportFormat.self)
    let path = arguments.value("output") ?? (asked == nil ? nil : "-")
    guard let path else { throw Fault(.usage, "export needs -o FILE, or --to FORMAT for standard output") }
    let format = try asked ?? ExportFormat(ending: path)
    let isStream = path == "-"
    if isStream, context.wantsJSON, format == .safetensors {
      throw Fault(
        .usage, "--json and safetensors do not go together on standard output; -o FILE writes a file")
    }
    let network = try GraphArgument(context).network(arguments.operands[0])
    let bytes = try format.bytes(of: network, registry: context.registry, limit: context.memoryLimit)
    if !isStream {
      try FileAccess.writeFile(path, bytes)
    } else if !context.wantsJSON {
      try context.printFile(bytes)
    }
    let text = isStream ? [("text", JSONValue.string(String(decoding: bytes, as: UTF8.self)))] : []
    context.emit(
      .object(
        [
          ("schema", .string("nngraph.export/1")), ("format", .string(format.rawValue)),
          ("file", .string(path)), ("bytes", .integer(bytes.count)),
        ] + text))
    return .done
  }
}
